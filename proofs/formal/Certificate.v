(** What a certificate says (proofs/FORMAT.md, sections 6 to 12), and the checker: a function that computes. Its
    correctness is the subject of the files that follow. *)
From Coq Require Import List Bool QArith Qreduction PeanoNat NArith.
From Verishallow Require Import Lists OrderedRing Network Forms Construction Entries Shallow Rationals.
Import ListNotations.
Open Scope Q_scope.

(** ** The records *)
Definition reason := list (nat * Q).
Definition decided := list (nat * reason).
(** A unit of layer 2 as the file states it: the violation units that close it, the face, and whether its weight is -1. *)
Record stated_unit := Unit { minus_infinities : list Z; on_face : list nat; negative : bool }.
Inductive tree :=
| EnterLayer (number : nat) (active inactive : decided) (planes : list (list Q)) (undecided : list nat) (below : tree)
| Stable (active inactive : decided) (below : tree)
| Redundant (constraints : decided) (below : tree)
| Split (neuron : nat) (strict_side : option bool) (above below : tree)
| Leaf (absent : list (list nat * reason)) (map : list (list Q)) (units : list stated_unit) (witness : list Q)
| Open.

(** ** Affine forms in lowest terms *)
Definition reduced_times (k a : Q) : Q := Qred (k * a).
Definition plus_multiple (k : Q) (a acc : list Q) : list Q := laid (fun p q => Qred (k * p + q)) (reduced_times k) a acc.
Definition add_multiple (k : Q) (h acc : form) : form :=
  Form (plus_multiple k (weights h) (weights acc)) (Qred (k * bias h + bias acc)).
Fixpoint accumulated (a : list Q) (forms : list form) (acc : form) : form :=
  match a, forms with
  | p :: a', g :: forms' => accumulated a' forms' (if Qeq_bool p 0 then acc else add_multiple p g acc)
  | _, _ => acc
  end.
Definition is_null (a : Q) : bool := Z.eqb (Qnum a) 0.
(** How many of the forms, from number i, are the coordinates i, i + 1, ...: of these the weights are the coefficients. *)
Fixpoint is_coordinate (i : nat) (a : list Q) : bool :=
  match a, i with
  | [], _ => false
  | p :: rest, O => Qeq_bool p 1 && forallb is_null rest
  | p :: rest, S j => is_null p && is_coordinate j rest
  end.
Fixpoint coordinates_from (i : nat) (forms : list form) : nat :=
  match forms with g :: rest => if is_null (bias g) && is_coordinate i (weights g) then coordinates_from (S i) rest else i | [] => i end.
Definition composed (forms : list form) (k : nat) (h : form) : form :=
  accumulated (skipn k (weights h)) (skipn k forms) (Form (firstn k (weights h)) (Qred (bias h))).
Definition layer_forms (l : layer) (sources : list (list form)) : list form :=
  let read := read_forms l sources in let k := coordinates_from 0 read in map (composed read k) (neurons l).

Definition is_constant (h : form) : bool := forallb (fun a => Qeq_bool a 0) (weights h).
Definition is_zero (h : form) : bool := is_constant h && Qeq_bool (bias h) 0.
Definition same_form (g h : form) : bool := is_zero (add_multiple (- (1)) g h).
Definition negated (h : form) : form := Form (map Qopp (weights h)) (- bias h).
Definition above_zero (a : Q) : bool := negb (Qle_bool a 0).
Fixpoint dot_plus (a x : list Q) (acc : Q) : Q :=
  match a, x with p :: a', y :: x' => dot_plus a' x' (p * y + acc) | _, _ => acc end.
Definition evaluated (h : form) (x : list Q) : Q := Qred (dot_plus (weights h) x (bias h)).

(** ** Reasons (section 7): the constant l_0 that is left, if the reason verifies *)
Fixpoint constant_left (rows : list form) (usable equation : nat -> bool) (least : nat) (r : reason) (h : form)
    : option Q :=
  match r with
  | [] => if is_constant h then Some (bias h) else None
  | (i, l) :: rest =>
      match nth_error rows i with
      | Some c =>
          if Nat.leb least i && usable i && (above_zero l || equation i && negb (Qeq_bool l 0))
          then constant_left rows usable equation (S i) rest (add_multiple (- l) c h) else None
      | None => None
      end
  end.
Definition everything (_ : nat) : bool := true.
Definition nothing (_ : nat) : bool := false.

(** ** The state of the walk (section 6) *)
Inductive decision := Undecided (plane : nat) | Active | Inactive.
Definition neuron := (form * decision)%type.
Record state := State {
  rows : list form;              (* domain, then path *)
  violations : list Z;           (* of each row its violation unit; 0 for the domain *)
  kept : list nat;               (* rows of the path that are not dropped *)
  strict_rows : list nat;
  boundary : list nat;           (* B: strict and not positive *)
  lower : list (list form);      (* the output forms of the layers below *)
  current : list neuron;
  scope : list form;             (* planes, from number 1 *)
}.
Definition on_path (i : nat) (st : state) : bool := negb (Z.eqb (nth i (violations st) 0%Z) 0).
Definition output_form (n : neuron) : form := match snd n with Active => fst n | _ => zero_form end.
Definition is_decided (n : neuron) : bool := match snd n with Undecided _ => false | _ => true end.
Definition all_decided (st : state) : bool := forallb is_decided (current st).
Definition outputs_below (st : state) : list (list form) := lower st ++ [map output_form (current st)].

(** ** Rules *)
Fixpoint increasing (l : list nat) : bool :=
  match l with a :: ((b :: _) as rest) => Nat.ltb a b && increasing rest | _ => true end.
Definition proves (rows : list form) (h : form) (r : reason) : bool :=
  match constant_left rows everything nothing 0 r h with Some l => Qle_bool 0 l | None => false end.

(** Decide the neurons that are named, each undecided and with its reason. *)
Fixpoint decide (rows : list form) (d : decision) (named : decided) (neurons : list neuron) : option (list neuron) :=
  match named with
  | [] => Some neurons
  | (i, r) :: rest =>
      match nth_error neurons i with
      | Some (h, Undecided _) =>
          let claimed := match d with Active => h | _ => negated h end in
          if proves rows claimed r then decide rows d rest (replace i (h, d) neurons) else None
      | _ => None
      end
  end.
Definition decide_both (rows : list form) (active inactive : decided) (neurons : list neuron) : option (list neuron) :=
  if increasing (map fst active) && increasing (map fst inactive) then
    match decide rows Active active neurons with Some ns => decide rows Inactive inactive ns | None => None end
  else None.
Definition with_current (st : state) (ns : list neuron) : state :=
  State (rows st) (violations st) (kept st) (strict_rows st) (boundary st) (lower st) ns (scope st).

(** The primitive integer multiple of a form whose first non-zero linear coefficient is positive. *)
Definition common_denominator (l : list Q) : Z := fold_right (fun a d => Z.lcm (Zpos (Qden (Qred a))) d) 1%Z l.
Definition numerator_over (d : Z) (a : Q) : Z := let b := Qred a in (Qnum b * (d / Zpos (Qden b)))%Z.
Definition leading (l : list Z) : Z := match filter (fun z => negb (Z.eqb z 0)) l with z :: _ => z | [] => 0%Z end.
Definition plane_of (h : form) (n : nat) : list Z :=
  let row := bias h :: firstn n (weights h) ++ repeat 0 (n - length (weights h)) in
  let d := common_denominator row in
  let integers := map (numerator_over d) row in
  let g := fold_right Z.gcd 0%Z integers in
  let s := Z.sgn (leading (tl integers)) in
  map (fun z => (s * (z / g))%Z) integers.
Fixpoint same_row (a b : list Z) : bool :=
  match a, b with [], [] => true | p :: a', q :: b' => Z.eqb p q && same_row a' b' | _, _ => false end.
Fixpoint position (p : list Z) (i : nat) (l : list (list Z)) : option nat :=
  match l with [] => None | q :: rest => if same_row p q then Some i else position p (S i) rest end.
(** Planes in the order of their first occurrence, and the number of each neuron's plane, counted from 0. *)
Fixpoint first_occurrences (planes found : list (list Z)) (numbers : list nat) : list (list Z) * list nat :=
  match planes with
  | [] => (found, rev_append numbers [])
  | p :: rest =>
      match position p 0 found with
      | Some i => first_occurrences rest found (i :: numbers)
      | None => first_occurrences rest (found ++ [p]) (length found :: numbers)
      end
  end.
Definition integer (a : Q) : option Z := if Pos.eqb (Qden a) 1 then Some (Qnum a) else None.
Fixpoint stated_row (a : list Q) (b : list Z) : bool :=
  match a, b with
  | [], [] => true
  | p :: a', z :: b' => match integer p with Some y => Z.eqb y z | None => false end && stated_row a' b'
  | _, _ => false
  end.
Fixpoint all2 {A B} (p : A -> B -> bool) (a : list A) (b : list B) : bool :=
  match a, b with [], [] => true | x :: a', y :: b' => p x y && all2 p a' b' | _, _ => false end.
Definition form_of_row (r : list Q) : form := match r with b :: a => Form a b | [] => zero_form end.

Notation numbered_neurons := (@labelled form decision Undecided).
Definition undecided_numbers (ns : list neuron) : list nat :=
  map fst (filter (fun p => negb (is_decided (snd p))) (combine (seq 0 (length ns)) ns)).

(** Rule [layer] (section 8). *)
Definition enter (n : nat) (l : layer) (number : nat) (active inactive : decided) (planes : list (list Q)) (undecided : list nat)
    (st : state) : option state :=
  let sources := outputs_below st in
  let forms := layer_forms l sources in
  let chosen := map (fun i => nth i forms zero_form) undecided in
  let '(found, numbers) := first_occurrences (map (fun h => plane_of h n) chosen) [] [] in
  let neurons := numbered_neurons (combine undecided (map (Nat.add (length (scope st))) numbers)) 0 forms in
  if Nat.eqb number (length sources) && all_decided st && negb (existsb is_constant chosen) && all2 stated_row planes found then
    match decide_both (rows st) active inactive neurons with
    | Some ns =>
        if all2 Nat.eqb (undecided_numbers ns) undecided then
          Some (State (rows st) (violations st) (kept st) (strict_rows st) (boundary st) sources ns
                      (scope st ++ map form_of_row planes))
        else None
    | None => None
    end
  else None.

(** Rule [stable] (section 9). *)
Definition stabilise (active inactive : decided) (st : state) : option state :=
  match active, inactive with
  | [], [] => None
  | _, _ => option_map (with_current st) (decide_both (rows st) active inactive (current st))
  end.

(** Rule [split] (section 10): the child on one side; h is lambda times its plane. *)
Fixpoint first_ratio (plane h : list Q) : Q :=
  match plane, h with
  | p :: plane', q :: h' => if Qeq_bool p 0 then first_ratio plane' h' else Qred (q / p)
  | _, _ => 0
  end.
Definition multiple_of (plane h : form) : option Q :=
  let k := first_ratio (weights plane) (weights h) in
  if negb (Qeq_bool k 0) && is_zero (add_multiple (- k) plane h) then Some k else None.
Definition strict_on (strict_side : option bool) (side : bool) : bool :=
  match strict_side with Some s => Bool.eqb s side | None => false end.
Definition child (neuron : nat) (strict_side : option bool) (side : bool) (st : state) : option state :=
  match nth_error (current st) neuron with
  | Some (h, Undecided k) =>
      let plane := nth k (scope st) zero_form in
      match multiple_of plane h with
      | Some lambda =>
          let along := Bool.eqb (above_zero lambda) side in
          let row := if along then plane else negated plane in
          let violation := let z := Z.of_nat (S k) in if along then (- z)%Z else z in
          let i := length (rows st) in
          let strict := strict_on strict_side side in
          Some (State (rows st ++ [row]) (violations st ++ [violation]) (kept st ++ [i])
                 (if strict then strict_rows st ++ [i] else strict_rows st)
                 (if strict then boundary st ++ [i] else boundary st)
                 (lower st) (replace neuron (h, if side then Active else Inactive) (current st)) (scope st))
      | None => None
      end
  | _ => None
  end.

(** Rule [redundant] (section 11): what remains after these rows are dropped; and those that are positive. *)
Definition left_after (constraints : decided) (st : state) : list nat :=
  filter (fun i => negb (member i (map fst constraints))) (kept st).
Definition usable_after (constraints : decided) (st : state) (i : nat) : bool :=
  negb (on_path i st) || member i (left_after constraints st).
Definition drop_constant (constraints : decided) (st : state) (p : nat * reason) : option Q :=
  match nth_error (rows st) (fst p) with
  | Some c => constant_left (rows st) (usable_after constraints st) nothing 0 (snd p) c
  | None => None
  end.
Definition may_drop (constraints : decided) (st : state) (p : nat * reason) : bool :=
  member (fst p) (kept st) && match drop_constant constraints st p with Some l => Qle_bool 0 l | None => false end.
Definition turns_positive (constraints : decided) (st : state) (p : nat * reason) : bool :=
  match drop_constant constraints st p with Some l => above_zero l | None => false end
  || existsb (fun q => member (fst q) (strict_rows st)) (snd p).
Definition drop_all (constraints : decided) (st : state) : option state :=
  let positive_rows := map fst (filter (turns_positive constraints st) constraints) in
  if increasing (map fst constraints) && forallb (may_drop constraints st) constraints then
    Some (State (rows st) (violations st) (left_after constraints st) (strict_rows st)
            (filter (fun i => negb (member i positive_rows)) (boundary st)) (lower st) (current st) (scope st))
  else None.
Definition drop (constraints : decided) (st : state) : option state :=
  match constraints with [] => None | _ => drop_all constraints st end.

(** ** Leaves (section 12) *)
Definition same_face (a b : list nat) : bool := all2 Nat.eqb a b.
Definition listed (f : list nat) (l : list (list nat)) : bool := existsb (same_face f) l.
Definition without (i : nat) (f : list nat) : list nat := filter (fun j => negb (Nat.eqb i j)) f.
(** All face sets with one element less are listed. *)
Definition candidate (f : list nat) (l : list (list nat)) : bool := forallb (fun i => listed (without i f) l) f.
Fixpoint lexicographic (a b : list nat) : bool :=
  match a, b with
  | p :: a', q :: b' => Nat.ltb p q || Nat.eqb p q && lexicographic a' b'
  | _, _ => false
  end.
Definition face_before (a b : list nat) : bool :=
  Nat.ltb (length a) (length b) || Nat.eqb (length a) (length b) && lexicographic a b.
Fixpoint in_order {A} (before : A -> A -> bool) (l : list A) : bool :=
  match l with a :: ((b :: _) as rest) => before a b && in_order before rest | _ => true end.

(** Each set that continues a listed one is listed, absent, or no candidate. *)
Definition complete (b : list nat) (faces absent : list (list nat)) : bool :=
  forallb (fun f => forallb (fun j =>
    negb (forallb (fun i => Nat.ltb i j) f)
    || (let g := f ++ [j] in listed g faces || listed g absent || negb (candidate g faces))) b) faces.
Definition is_face (b f : list nat) : bool := increasing f && forallb (fun j => member j b) f.
Definition faces_fit (b : list nat) (faces absent : list (list nat)) : bool :=
  match faces with [] :: _ => true | _ => false end
  && in_order face_before faces && in_order face_before absent
  && forallb (fun f => is_face b f && candidate f faces) faces
  && forallb (fun f => is_face b f && candidate f faces && negb (listed f faces) && negb (same_face f [])) absent
  && complete b faces absent.

(** The reason of an absent face: its last row is positive on the face of the others. *)
Definition absent_reason (st : state) (a : list nat * reason) : bool :=
  let j := last (fst a) O in
  let others := removelast (fst a) in
  let usable := fun i => negb (on_path i st) || member i (kept st) || member i others in
  match nth_error (rows st) j with
  | Some c => match constant_left (rows st) usable (fun i => member i others) 0 (snd a) c with
              | Some l => above_zero l | None => false end
  | None => false
  end.

Definition violation (st : state) (i : nat) : Z := nth i (violations st) 0%Z.
Definition closing (st : state) (f : list nat) : list Z :=
  map (violation st) (kept st) ++ flat_map (fun j => [violation st j; Z.opp (violation st j)]) f.
Definition unit_before (a b : Z) : bool :=
  Z.ltb (Z.abs a) (Z.abs b) || Z.eqb (Z.abs a) (Z.abs b) && Z.ltb a b.
Definition contains (l : list Z) (z : Z) : bool := existsb (Z.eqb z) l.
Definition unit_fits (st : state) (u : stated_unit) : bool :=
  let right := closing st (on_face u) in
  in_order unit_before (minus_infinities u)
  && forallb (contains right) (minus_infinities u) && forallb (contains (minus_infinities u)) right
  && Bool.eqb (negative u) (Nat.odd (length (on_face u))).

Definition witness_fits (n : nat) (st : state) (w : list Q) : bool :=
  Nat.eqb (length w) n && forallb (fun c => above_zero (evaluated c w)) (rows st).
Definition map_fits (n : nat) (top : layer) (st : state) (rows : list (list Q)) : bool :=
  forallb (fun r => Nat.eqb (length r) (S n)) rows
  && all2 same_form (map form_of_row rows) (layer_forms top (outputs_below st)).
Definition leaf_fits (n : nat) (top : layer) (st : state) (absent : list (list nat * reason))
    (map_rows : list (list Q)) (units : list stated_unit) (w : list Q) : bool :=
  all_decided st && witness_fits n st w && map_fits n top st map_rows
  && increasing (boundary st) && faces_fit (boundary st) (map on_face units) (map fst absent)
  && forallb (absent_reason st) absent && forallb (unit_fits st) units.

(** ** Construction [gated] (section 15.3): values that are a form plus multiples of units of layer 1 *)
Definition mixed := (form * list (Z * Q))%type.
Definition of_form (h : form) : mixed := (h, []).
Definition mixed_output (scope : list form) (v : neuron) : option mixed :=
  match snd v with
  | Active => Some (of_form (fst v))
  | Inactive => Some (of_form zero_form)
  | Undecided k =>
      match multiple_of (nth k scope zero_form) (fst v) with
      | Some l => let z := Z.of_nat (S k) in
          Some (zero_form, [if above_zero l then (z, l) else (Z.opp z, - l)])
      | None => None
      end
  end.
Fixpoint mixed_sum (a : list Q) (values : list mixed) (acc : mixed) : mixed :=
  match a, values with
  | p :: a', (h, l) :: rest =>
      mixed_sum a' rest (if Qeq_bool p 0 then acc
                         else (add_multiple p h (fst acc), snd acc ++ map (fun q => (fst q, Qred (p * snd q))) l))
  | _, _ => acc
  end.
Definition mixed_negated (v : mixed) : mixed := (negated (fst v), map (fun q => (fst q, - snd q)) (snd v)).
Definition mixed_read (reads : list nat) (sources : list (list mixed)) : list mixed :=
  concat (map (fun s => nth s sources []) reads).

(** What the last layer reads beside the last hidden one, which has number [last_hidden] and comes last if at all. *)
Definition reads_besides (last_hidden : nat) (r : list nat) : list nat :=
  if Nat.eqb (List.last r (S last_hidden)) last_hidden then removelast r else r.
Definition is_nonzero (a : Q) : bool := negb (Qeq_bool a 0).

(** The units of an entry with weight 1: a value, and its weight in each output. *)
Definition part := (mixed * list Q)%type.
Definition neuron_parts (l : layer) (sources : list (list mixed)) (besides : nat) (top : layer) : list part :=
  filter (fun p => existsb is_nonzero (snd p))
    (map (fun q : nat * form =>
            (mixed_sum (weights (snd q)) (mixed_read (reads l) sources) (Form [] (bias (snd q)), []),
             map (fun h => nth (besides + fst q) (weights h) 0) (neurons top)))
       (combine (seq 0 (length (neurons l))) (neurons l))).
Definition rest_parts (others : list mixed) (top : layer) : list part :=
  flat_map (fun o =>
      let h := nth o (neurons top) zero_form in
      let v := mixed_sum (firstn (length others) (weights h)) others (of_form zero_form) in
      let here := map (fun p => if Nat.eqb p o then 1 else 0) (seq 0 (length (neurons top))) in
      [(v, here); (mixed_negated v, map Qopp here)])
    (seq 0 (length (neurons top))).
Definition gated_parts (above : list layer) (top : layer) (st : state) : option (list part) :=
  match all_some (map (mixed_output (scope st)) (current st)) with
  | None => None
  | Some now =>
      let sources := map (map of_form) (lower st) ++ [now] in
      let last_hidden := length sources in
      let besides := reads_besides last_hidden (reads top) in
      let others := mixed_read besides sources in
      if forallb (fun s => Nat.ltb s last_hidden) besides then
        match above with
        | [] =>
            if Nat.eqb (length besides) (length (reads top)) then
              match lower st with [] => Some (rest_parts others top) | _ => None end
            else None
        | [l] =>
            let of_rest := match besides with [] => [] | _ => rest_parts others top end in
            if forallb (fun s => Nat.ltb s last_hidden) (reads l) then
              Some ((if Nat.eqb (length besides) (length (reads top)) then []
                     else neuron_parts l sources (length others) top) ++ of_rest)
            else None
        | _ => None
        end
      else None
  end.
Definition gated_leaf_fits (n : nat) (above : list layer) (top : layer) (st : state) (absent : list (list nat * reason))
    (units : list stated_unit) (w : list Q) : bool :=
  match gated_parts above top st with Some _ => true | None => false end
  && witness_fits n st w
  && increasing (boundary st) && faces_fit (boundary st) (map on_face units) (map fst absent)
  && forallb (absent_reason st) absent && forallb (unit_fits st) units.

(** ** The walk *)
(** The claims: equality with boundary [exact] or [ignore], the number of regions, equality of the construction [gated]. *)
Inductive claim := Exact | Ignore | Regions | GatedUnits.
Record tally := Tally { leaf_count : N; face_count : N; plane_count : N }.
Definition both (a b : tally) : tally :=
  Tally (leaf_count a + leaf_count b) (face_count a + face_count b) (plane_count a + plane_count b).
Definition mark_fits (c : claim) (strict_side : option bool) : bool :=
  match c, strict_side with Exact, Some _ | GatedUnits, Some _ | Ignore, None | Regions, None => true | _, _ => false end.
Definition has_units (c : claim) : bool := match c with Regions => false | _ => true end.
Definition nothing_stated (absent : list (list nat * reason)) (map_rows : list (list Q)) (units : list stated_unit) : bool :=
  match absent, map_rows, units with [], [], [] => true | _, _, _ => false end.

Section Walk.
(** [tolerant]: open nodes are let pass. Nothing is claimed of such a tree. *)
Variables (n : nat) (c : claim) (tolerant : bool) (top : layer).
Definition leaf_accepted (above : list layer) (st : state) (absent : list (list nat * reason)) (map_rows : list (list Q))
    (units : list stated_unit) (w : list Q) : bool :=
  match c, above with
  | GatedUnits, _ => match map_rows with [] => gated_leaf_fits n above top st absent units w | _ => false end
  | Regions, [] => all_decided st && witness_fits n st w && nothing_stated absent map_rows units
  | _, [] => leaf_fits n top st absent map_rows units w
  | _, _ => false
  end.
Fixpoint walk (t : tree) (above : list layer) (st : state) : option tally :=
  match t with
  | EnterLayer number active inactive planes undecided below =>
      match above with
      | l :: higher =>
          match enter n l number active inactive planes undecided st with
          | Some st' =>
              option_map (both (Tally 0 0 (N.of_nat (length planes)))) (walk below higher st')
          | None => None
          end
      | [] => None
      end
  | Stable active inactive below =>
      match stabilise active inactive st with Some st' => walk below above st' | None => None end
  | Redundant constraints below =>
      if has_units c then
        match drop constraints st with Some st' => walk below above st' | None => None end
      else None
  | Split neuron strict_side plus minus =>
      if mark_fits c strict_side then
        match child neuron strict_side true st, child neuron strict_side false st with
        | Some p, Some m =>
            match walk plus above p, walk minus above m with Some a, Some b => Some (both a b) | _, _ => None end
        | _, _ => None
        end
      else None
  | Leaf absent map_rows units w =>
      if leaf_accepted above st absent map_rows units w then Some (Tally 1 (N.of_nat (length units)) 0) else None
  | Open => if tolerant then Some (Tally 0 0 0) else None
  end.
End Walk.

(** The inputs of the network as forms of the n coordinates: the coordinates themselves, or the rows of a slice. *)
Fixpoint coordinates_onto (n : nat) (a : list Q) (done : list form) : list form :=
  match n with O => rev_append done [] | S m => coordinates_onto m (0 :: a) (Form a 0 :: done) end.
(** Each row is the tail of the next: together they take the room of one. *)
Definition identity (n : nat) : list form := coordinates_onto n [1] [].
Definition start (inputs domain : list form) : state :=
  State domain (map (fun _ => 0%Z) domain) [] [] [] [] (map (fun h => (h, Active)) inputs) [].
Definition check (n : nat) (inputs : list form) (f : network) (domain : list form) (c : claim) (tolerant : bool)
    (t : tree) : option tally :=
  walk n c tolerant (output f) t (hidden f) (start inputs domain).
