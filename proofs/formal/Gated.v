(** Construction [gated] (Theorem 8): the last two hidden layers as units of the three-layer network. *)
From Coq Require Import List Bool QArith PeanoNat NArith ZArith Lia Lqa Setoid Morphisms.
From Verishallow Require Import Lists OrderedRing Network Forms Construction Entries Shallow Rationals Certificate Reasons FaceSets
  Soundness Walk Leaves Verified.
Import ListNotations.
Open Scope Q_scope.

(** ** Values of forms with multiples of units *)
Definition feed_value (scope : list form) (x : list Q) (q : Z * Q) : Q := snd q * relu (value (unit_form scope (fst q)) x).
Definition mixed_value (scope : list form) (x : list Q) (v : mixed) : Q :=
  value (fst v) x + sum (feed_value scope x) (snd v).

Section Values.
Variables (scope : list form) (x : list Q).

Lemma of_form_value h : mixed_value scope x (of_form h) == value h x.
Proof. unfold mixed_value; simpl. arithmetic. Qed.
Lemma scaled_feeds p l : sum (feed_value scope x) (map (fun q => (fst q, Qred (p * snd q))) l) == p * sum (feed_value scope x) l.
Proof.
  induction l as [|[z q] l IH]; simpl; [arithmetic|]. unfold feed_value at 1; simpl. over_q. rewrite IH, Qred_correct.
  unfold feed_value at 2; simpl. over_q. lra.
Qed.
Lemma mixed_sum_value a : forall vs acc, mixed_value scope x (mixed_sum a vs acc)
  == dot a (map (mixed_value scope x) vs) + mixed_value scope x acc.
Proof.
  induction a as [|p a IH]; intros [|[h l] vs] acc; simpl; try arithmetic. rewrite IH.
  destruct (Qeq_bool p 0) eqn:E.
  - apply Qeq_bool_iff in E. over_q. rewrite E. lra.
  - unfold mixed_value; simpl. rewrite value_add_multiple. pose proof (sum_app (feed_value scope x) (snd acc)
      (map (fun q => (fst q, Qred (p * snd q))) l)) as A. pose proof (scaled_feeds p l) as B. over_q. rewrite A, B. lra.
Qed.
Lemma mixed_negated_value v : mixed_value scope x (mixed_negated v) == - mixed_value scope x v.
Proof.
  unfold mixed_value, mixed_negated; simpl. rewrite value_negated. induction (snd v) as [|[z q] l IH]; simpl; [arithmetic|].
  unfold feed_value at 1 3; simpl. over_q. lra.
Qed.

(** An undecided neuron is a multiple of a unit of layer 1. *)
Lemma mixed_output_value v w : mixed_output scope v = Some w -> mixed_value scope x w == neuron_value x v.
Proof.
  unfold mixed_output, neuron_value. destruct v as [h [k| |]]; cbn [fst snd].
  - destruct (multiple_of _ h) as [l|] eqn:M; [|discriminate]. cbv zeta.
    set (plane := nth k scope zero_form) in *. destruct (multiple_of_sound _ _ _ x M) as [L V].
    assert (U : value (unit_form scope (Z.of_nat (S k))) x = value plane x).
    { simpl. unfold plane_number. now rewrite SuccNat2Pos.id_succ. }
    assert (O : value (unit_form scope (- Z.of_nat (S k))) x == - value plane x) by (rewrite value_unit_opp, U; reflexivity).
    revert U O. generalize (Z.of_nat (S k)). intros number U O E. injection E as <-.
    pose proof (value_zero x) as Z0. unfold mixed_value; simpl fst; simpl snd.
    assert (R : forall z q, sum (feed_value scope x) [(z, q)] == q * relu (value (unit_form scope z) x)).
    { intros z q. unfold feed_value; simpl. arithmetic. }
    destruct (above_zero l) eqn:P; rewrite R.
    + apply above_zero_iff in P. rewrite U. over_q. rewrite Z0.
      destruct (Qlt_le_dec (value plane x) 0) as [N|N].
      * assert (H : value h x <= 0). { assert (0 <= l * - value plane x) by (apply Qmult_le_0_compat; lra). lra. }
        rewrite (relu_of_nonpositive (value plane x)), (relu_of_nonpositive (value h x)) by lra. lra.
      * assert (H : 0 <= value h x). { assert (0 <= l * value plane x) by (apply Qmult_le_0_compat; lra). lra. }
        rewrite (relu_of_nonnegative (value plane x)), (relu_of_nonnegative (value h x)) by lra. lra.
    + apply above_zero_false in P.
      rewrite O. over_q. rewrite Z0. destruct (Qlt_le_dec 0 (value plane x)) as [N|N].
      * assert (H : value h x <= 0). { assert (0 <= - l * value plane x) by (apply Qmult_le_0_compat; lra). lra. }
        rewrite (relu_of_nonpositive (- value plane x)), (relu_of_nonpositive (value h x)) by lra. lra.
      * assert (H : 0 <= value h x). { assert (0 <= - l * - value plane x) by (apply Qmult_le_0_compat; lra). lra. }
        rewrite (relu_of_nonnegative (- value plane x)), (relu_of_nonnegative (value h x)) by lra. lra.
  - intros E. injection E as <-. apply of_form_value.
  - intros E. injection E as <-. rewrite of_form_value. apply value_zero.
Qed.
Lemma mixed_outputs_values ns ws : all_some (map (mixed_output scope) ns) = Some ws ->
  map (mixed_value scope x) ws ~~ current_values ns x.
Proof.
  revert ws. induction ns as [|v ns IH]; intros ws E; simpl in E.
  - injection E as <-. constructor.
  - destruct (mixed_output scope v) as [w|] eqn:M; [|discriminate]. destruct (all_some _) as [us|]; [|discriminate].
    injection E as <-. simpl. constructor; [now apply mixed_output_value | now apply IH].
Qed.
Lemma mixed_read_values reads sources :
  map (mixed_value scope x) (mixed_read reads sources)
  = concat (map (fun s => nth s (map (map (mixed_value scope x)) sources) []) reads).
Proof.
  unfold mixed_read. rewrite concat_map, map_map. f_equal. apply map_ext. intros s.
  change (@nil Q) with (map (mixed_value scope x) []). now rewrite map_nth.
Qed.
End Values.

(** ** The parts of a leaf add up to the network less its last bias *)
Definition part_value (scope : list form) (x : list Q) (o : nat) (p : part) : Q :=
  nth o (snd p) 0 * relu (mixed_value scope x (fst p)).

Lemma dot_app_split a : forall u v, dot a (u ++ v) == dot (firstn (length u) a) u + dot (skipn (length u) a) v.
Proof.
  intros u. revert a. induction u as [|y u IH]; intros [|p a] v; simpl; try arithmetic; try (rewrite IH; arithmetic).
Qed.
Lemma sum_filter_nonzero {A} (p : A -> bool) (g : A -> Q) l : (forall a, In a l -> p a = false -> g a == 0) ->
  sum g (filter p l) == sum g l.
Proof.
  induction l as [|a l IH]; intros H; [reflexivity|]. simpl. pose proof (IH (fun b B => H b (or_intror B))) as E.
  destruct (p a) eqn:P; simpl; [over_q; now rewrite E|]. pose proof (H a (or_introl eq_refl) P) as Z. over_q. rewrite E, Z. lra.
Qed.
Lemma nth_all_zero o v : existsb is_nonzero v = false -> nth o v 0 == 0.
Proof.
  revert o. induction v as [|a v IH]; intros [|o] E; simpl in *; try reflexivity; apply orb_false_iff in E as [A B].
  - unfold is_nonzero in A. apply negb_false_iff in A. now apply Qeq_bool_iff.
  - now apply IH.
Qed.
Lemma combine_seq_map {A B} (g : nat -> A -> B) (l : list A) (d : A) :
  map (fun q => g (fst q) (snd q)) (combine (seq 0 (length l)) l) = map (fun i => g i (nth i l d)) (seq 0 (length l)).
Proof.
  assert (H : forall k, map (fun q => g (fst q) (snd q)) (combine (seq k (length l)) l)
                      = map (fun i => g (k + i)%nat (nth i l d)) (seq 0 (length l))).
  { induction l as [|a l IH]; intros k; [reflexivity|]. simpl. rewrite Nat.add_0_r, IH, <- seq_shift, map_map. f_equal.
    apply map_ext. intros i. now rewrite Nat.add_succ_r. }
  apply H.
Qed.

Section Parts.
Variables (scope : list form) (x : list Q) (sources : list (list mixed)) (values : list (list Q)).
Hypothesis sources_are_values : Forall2 (Forall2 Qeq) (map (map (mixed_value scope x)) sources) values.

Lemma read_is reads : map (mixed_value scope x) (mixed_read reads sources) ~~ concat (map (fun s => nth s values []) reads).
Proof.
  rewrite mixed_read_values. apply same_concat. induction reads as [|s r IH]; simpl; constructor; [|exact IH].
  now apply source_same.
Qed.

Lemma neuron_parts_value l besides top o : (o < length (neurons top))%nat ->
  sum (part_value scope x o) (neuron_parts l sources besides top)
  == dot (skipn besides (weights (nth o (neurons top) zero_form))) (map relu (affine l values)).
Proof.
  intros O. unfold neuron_parts. rewrite sum_filter_nonzero.
  2: { intros p _ Z. unfold part_value. pose proof (nth_all_zero o _ Z) as E. over_q. rewrite E. lra. }
  rewrite (combine_seq_map (fun k h => (mixed_sum (weights h) (mixed_read (reads l) sources) (Form [] (bias h), []),
             map (fun g => nth (besides + k) (weights g) 0) (neurons top))) (neurons l) zero_form).
  assert (LA : length (map relu (affine l values)) = length (neurons l)) by (unfold affine; now rewrite !map_length).
  rewrite sum_map, <- sum_products, LA. apply sum_same. intros k K. apply in_seq in K.
  unfold part_value; cbn [fst snd].
  assert (A : nth o (map (fun g => nth (besides + k) (weights g) 0) (neurons top)) 0
            = nth k (skipn besides (weights (nth o (neurons top) zero_form))) 0).
  { set (g := fun h : form => nth (besides + k) (weights h) 0).
    rewrite (nth_indep (map g (neurons top)) 0 (g zero_form)) by now rewrite map_length.
    rewrite (map_nth g). unfold g. generalize (weights (nth o (neurons top) zero_form)). clear. intros w. revert w.
    induction besides as [|b IH]; intros [|a w]; simpl; try reflexivity; [now destruct k | apply IH]. }
  over_q. rewrite A. apply Qmult_comp; [reflexivity|].
  set (g := fun h => value h (read l values)). change (affine l values) with (map g (neurons l)).
  rewrite (nth_indep _ 0 (relu (g zero_form))) by (rewrite !map_length; lia). rewrite !map_nth. apply relu_proper. unfold g.
  rewrite mixed_sum_value. pose proof (dot_same (weights (nth k (neurons l) zero_form)) _ _ (read_is (reads l))) as D.
  assert (C : forall b, mixed_value scope x (Form [] b, []) == b) by (intros b; unfold mixed_value, value; simpl; arithmetic).
  rewrite C. unfold value, read. over_q. rewrite D. reflexivity.
Qed.

Lemma rest_parts_value reads top o : (o < length (neurons top))%nat ->
  sum (part_value scope x o) (rest_parts (mixed_read reads sources) top)
  == dot (firstn (length (mixed_read reads sources)) (weights (nth o (neurons top) zero_form)))
         (concat (map (fun s => nth s values []) reads)).
Proof.
  intros O. unfold rest_parts. rewrite sum_flat_map.
  set (m := length (neurons top)) in *.
  set (v := fun p => mixed_sum (firstn (length (mixed_read reads sources)) (weights (nth p (neurons top) zero_form)))
                       (mixed_read reads sources) (of_form zero_form)).
  rewrite (sum_same _ (fun p => if Nat.eqb o p then mixed_value scope x (v o) else 0)).
  - rewrite (sum_only o (mixed_value scope x (v o))). simpl.
    assert (A : Nat.ltb o m = true) by now apply Nat.ltb_lt. rewrite A. unfold v. rewrite mixed_sum_value, of_form_value.
    pose proof (value_zero x) as Z. pose proof (dot_same (firstn (length (mixed_read reads sources))
      (weights (nth o (neurons top) zero_form))) _ _ (read_is reads)) as D. over_q. rewrite D, Z. lra.
  - intros p _. cbn [sum]. unfold part_value; cbn [fst snd]. fold (v p).
    assert (H : nth o (map (fun q => if Nat.eqb q p then 1 else 0) (seq 0 m)) 0 = if Nat.eqb o p then 1 else 0)
      by exact (nth_at_output m p o 1 O).
    assert (G : nth o (map Qopp (map (fun q => if Nat.eqb q p then 1 else 0) (seq 0 m))) 0 == - (if Nat.eqb o p then 1 else 0)).
    { rewrite (nth_indep _ 0 (Qopp 0)) by (rewrite !map_length, seq_length; exact O). rewrite (map_nth Qopp), H. reflexivity. }
    over_q. rewrite H, G. destruct (Nat.eqb_spec o p) as [->|N]; [|lra].
    pose proof (relu_proper _ _ (mixed_negated_value scope x (v p))) as R. over_q. rewrite R.
    pose proof (relu_difference (mixed_value scope x (v p))) as D. over_q. lra.
Qed.
End Parts.

Lemma reads_split last_hidden r : reads_besides last_hidden r = r \/ r = reads_besides last_hidden r ++ [last_hidden].
Proof.
  unfold reads_besides. destruct (Nat.eqb_spec (List.last r (S last_hidden)) last_hidden) as [E|N]; [right | now left].
  destruct r as [|a r]; [simpl in E; lia|]. 
  assert (NE : a :: r <> []) by discriminate. pose proof (app_removelast_last (S last_hidden) NE) as H. now rewrite E in H.
Qed.

Lemma nth_affine top sources o : (o < length (neurons top))%nat ->
  nth o (affine top sources) 0 = value (nth o (neurons top) zero_form) (read top sources).
Proof.
  intros O. set (g := fun h => value h (read top sources)). change (affine top sources) with (map g (neurons top)).
  rewrite (nth_indep _ 0 (g zero_form)) by now rewrite map_length. now rewrite map_nth.
Qed.
Lemma read_below s t r : forallb (fun k => Nat.ltb k (length s)) r = true ->
  map (fun k => nth k (s ++ t) []) r = map (fun k => nth k s (@nil Q)) r.
Proof.
  intros H. rewrite forallb_forall in H. apply map_ext_in. intros k I. specialize (H k I). apply Nat.ltb_lt in H.
  now apply app_nth1.
Qed.

Theorem gated_parts_value above top st parts x o : gated_parts above top st = Some parts ->
  (o < length (neurons top))%nat ->
  sum (part_value (scope st) x o) parts + bias (nth o (neurons top) zero_form) == nth o (target top above st x) 0.
Proof.
  unfold gated_parts. destruct (all_some _) as [now_|] eqn:A; [|discriminate].
  set (sources := map (map of_form) (lower st) ++ [now_]). set (vals := values_of (lower st) x ++ [current_values (current st) x]).
  assert (V : Forall2 (Forall2 Qeq) (map (map (mixed_value (scope st) x)) sources) vals).
  { unfold sources, vals, values_of. rewrite map_app. apply Forall2_app.
    - rewrite map_map. induction (lower st) as [|s l IH]; simpl; constructor; [|exact IH].
      unfold values. rewrite map_map. apply same_map. intros h _. apply of_form_value.
    - constructor; [now apply mixed_outputs_values | constructor]. }
  assert (LEN : length sources = length vals).
  { unfold sources, vals, values_of. now rewrite !app_length, !map_length. }
  rewrite LEN. set (besides := reads_besides (length vals) (reads top)).
  set (others := mixed_read besides sources).
  destruct (forallb (fun s => Nat.ltb s (length vals)) besides) eqn:B; [|discriminate].
  assert (OL : length others = length (concat (map (fun s => nth s vals []) besides))).
  { pose proof (same_length _ _ (read_is (scope st) x sources vals V besides)) as H. rewrite map_length in H. exact H. }
  intros E O. unfold target. fold vals. destruct above as [|l [|l' above]]; [| |discriminate].
  - destruct (Nat.eqb_spec (length besides) (length (reads top))) as [L|]; [|discriminate].
    destruct (lower st); [|discriminate]. injection E as <-. simpl run_hidden. rewrite nth_affine by exact O.
    unfold others. rewrite (rest_parts_value (scope st) x sources vals V besides top o O). fold others.
    assert (R : reads top = besides).
    { destruct (reads_split (length vals) (reads top)) as [H|H]; fold besides in H; [now symmetry|].
      exfalso. apply (f_equal (@length nat)) in H. rewrite app_length in H. simpl in H. lia. }
    unfold value, read. rewrite R, OL. set (y := concat (map (fun s => nth s vals []) besides)).
    pose proof (dot_app_split (weights (nth o (neurons top) zero_form)) y []) as D. rewrite app_nil_r in D.
    assert (Z : forall a : list Q, dot a [] == 0) by (intros [|]; reflexivity). unfold y, vector in *. over_q. rewrite D, Z. lra.
  - destruct (forallb _ (reads l)) eqn:RL; [|discriminate]. injection E as <-. cbn [run_hidden].
    rewrite nth_affine by exact O. set (z := map relu (affine l vals)).
    assert (REST : sum (part_value (scope st) x o) (match besides with [] => [] | _ => rest_parts others top end)
      == dot (firstn (length others) (weights (nth o (neurons top) zero_form))) (concat (map (fun s => nth s vals []) besides))).
    { destruct besides as [|b bs] eqn:HB.
      - reflexivity.
      - unfold others. rewrite <- HB. now apply (rest_parts_value (scope st) x sources vals V). }
    rewrite sum_app. over_q. rewrite REST. clear REST. unfold value, read.
    destruct (Nat.eqb_spec (length besides) (length (reads top))) as [L|L].
    + assert (R : reads top = besides).
      { destruct (reads_split (length vals) (reads top)) as [H|H]; fold besides in H; [now symmetry|].
        exfalso. apply (f_equal (@length nat)) in H. rewrite app_length in H. simpl in H. lia. }
      rewrite R, read_below by exact B. rewrite OL. set (y := concat (map (fun s => nth s vals []) besides)).
      pose proof (dot_app_split (weights (nth o (neurons top) zero_form)) y []) as D. rewrite app_nil_r in D.
      assert (Z : forall a : list Q, dot a [] == 0) by (intros [|]; reflexivity). simpl sum. unfold y, vector in *. over_q. rewrite D, Z. lra.
    + destruct (reads_split (length vals) (reads top)) as [H|H]; fold besides in H; [congruence|].
      pose proof (neuron_parts_value (scope st) x sources vals V l (length others) top o O) as N. over_q. rewrite N.
      rewrite H, map_app, concat_app, read_below by exact B. simpl. rewrite app_nil_r, app_nth2, Nat.sub_diag by lia. simpl.
      fold z. rewrite OL. set (y := concat (map (fun s => nth s vals []) besides)).
      pose proof (dot_app_split (weights (nth o (neurons top) zero_form)) y z) as D. unfold y, vector in *. over_q. rewrite D. lra.
Qed.

(** ** The network of a certificate of this construction *)
Definition feeds_of (names : list nat) (q : Z * Q) : list (nat * Q) := map (fun i => (i, snd q)) (unit_numbers names (fst q)).
Definition gated_unit_of (names : list nat) (u : stated_unit) (p : part) : unit :=
  Construction.Unit (flat_map (unit_numbers names) (minus_infinities u)) (fst (fst p)) (flat_map (feeds_of names) (snd (fst p)))
    (map (Qmult (stated_weight u)) (snd p)).
Definition units_of_leaf (names : list nat) (parts : list part) (units : list stated_unit) : list unit :=
  flat_map (fun u => map (gated_unit_of names u) parts) units.

Section Tree.
Variables (n : nat) (domain : list form) (top : layer).
Fixpoint gated_units (t : tree) (above : list layer) (st : state) (names : list nat) (next : nat) : list unit :=
  match t with
  | EnterLayer number active inactive planes undecided below =>
      match above with
      | l :: higher => match enter n l number active inactive planes undecided st with
                       | Some st' => gated_units below higher st' (names ++ seq next (length planes)) (next + length planes)
                       | None => [] end
      | [] => []
      end
  | Stable active inactive below =>
      match stabilise active inactive st with Some st' => gated_units below above st' names next | None => [] end
  | Redundant constraints below =>
      match drop constraints st with Some st' => gated_units below above st' names next | None => [] end
  | Split neuron strict_side plus minus =>
      match child neuron strict_side true st, child neuron strict_side false st with
      | Some p, Some m => gated_units plus above p names next ++ gated_units minus above m names (next + length (planes_of plus))
      | _, _ => []
      end
  | Leaf _ _ units _ => match gated_parts above top st with Some parts => units_of_leaf names parts units | None => [] end
  | Open => []
  end.

Section At_a_point.
Variables (planes : list form) (x : list Q) (o : nat).
Hypothesis in_domain : closed domain x.
Hypothesis output_exists : (o < length (neurons top))%nat.
Definition unit_part (u : unit) : Q := nth o (into u) 0 * unit_value (plane_units planes) x u.

Lemma feeds_value names scope l : Forall2 (in_file planes) names scope ->
  sum (fun p => snd p * first_value (plane_units planes) x (fst p)) (flat_map (feeds_of names) l) == sum (feed_value scope x) l.
Proof.
  intros H. induction l as [|[z q] l IH]; [reflexivity|]. simpl. rewrite sum_app, IH. apply add_proper; [|reflexivity].
  unfold feed_value, feeds_of, first_value; simpl. pose proof (value_zero x) as Z.
  assert (R0 : forall a, a == 0 -> q * relu a == 0) by (intros a E; rewrite (relu_of_nonpositive a) by lra; lra).
  destruct z as [|p|p]; simpl.
  - symmetry. now apply R0.
  - pose proof (named_plane _ _ _ (plane_number p) H) as N. destruct (nth_error names (plane_number p)) as [i|]; simpl.
    + destruct (nth_plane_unit _ _ _ N) as [A _]. simpl in A. rewrite A. arithmetic.
    + rewrite N. symmetry. now apply R0.
  - pose proof (named_plane _ _ _ (plane_number p) H) as N. destruct (nth_error names (plane_number p)) as [i|]; simpl.
    + destruct (nth_plane_unit _ _ _ N) as [_ A]. simpl in A. rewrite A. arithmetic.
    + rewrite N. symmetry. apply R0. rewrite value_opposite. arithmetic.
Qed.
Lemma nth_scaled w v : nth o (map (Qmult w) v) 0 == w * nth o v 0.
Proof. revert v. generalize o. clear. induction o as [|k IH]; intros [|a v]; simpl; try reflexivity; try lra. apply IH. Qed.

Lemma unit_sum names scope parts u : Forall2 (in_file planes) names scope ->
  sum unit_part (map (gated_unit_of names u) parts)
  == if forallb (fun z => Qle_bool (value (unit_form scope z) x) 0) (minus_infinities u)
     then stated_weight u * sum (part_value scope x o) parts else 0.
Proof.
  intros H.
  assert (OPEN : forall p, open (plane_units planes) x (gated_unit_of names u p)
    = forallb (fun z => Qle_bool (value (unit_form scope z) x) 0) (minus_infinities u)).
  { intros p. unfold open; simpl. rewrite forallb_flat_map. induction (minus_infinities u) as [|z l IH]; [reflexivity|]. simpl.
    f_equal; [exact (unit_numbers_open planes names scope x z H) | exact IH]. }
  rewrite sum_map. induction parts as [|p parts IH]; simpl.
  - destruct (forallb _ _); arithmetic.
  - over_q. rewrite IH. unfold unit_part at 1, unit_value. rewrite OPEN. simpl into. rewrite nth_scaled.
    destruct (forallb _ _); [|arithmetic].
    assert (P : pre_value (plane_units planes) x (gated_unit_of names u p) == mixed_value scope x (fst p)).
    { unfold pre_value, mixed_value. simpl. pose proof (feeds_value names scope (snd (fst p)) H) as F. over_q. rewrite F. reflexivity. }
    pose proof (relu_proper _ _ P) as R. over_q. rewrite R. unfold part_value. over_q. lra.
Qed.

Theorem gated_walk_sound t : forall above st tally names before after, walk n GatedUnits false top t above st = Some tally ->
  invariant domain st -> planes = before ++ planes_of t ++ after -> Forall2 (in_file planes) names (scope st) ->
  sum unit_part (gated_units t above st names (length before))
  == count x (cells n t above st) * (nth o (target top above st x) 0 - bias (nth o (neurons top) zero_form)).
Proof.
  induction t as [number active inactive ps undecided below IH|active inactive below IH|constraints below IH
                 |neuron strict_side plus IHp minus IHm|absent map_rows units w|];
    intros above st tally names before after W I P H; cbn [walk cells gated_units planes_of has_units] in *.
  - destruct above as [|l higher]; [discriminate|]. destruct (enter _ _ _ _ _ _ _ _) as [st'|] eqn:E; [|discriminate].
    destruct (enter_step domain _ _ _ _ _ _ _ _ _ E I) as (I' & R & _ & S & T).
    destruct (walk _ _ _ _ below higher st') as [tl|] eqn:W'; [|discriminate].
    assert (H' : Forall2 (in_file planes) (names ++ seq (length before) (length ps)) (scope st')).
    { rewrite S. apply Forall2_app; [exact H|]. rewrite P, <- (map_length form_of_row ps), <- app_assoc.
      apply named_in_order. }
    replace (length before + length ps)%nat with (length (before ++ map form_of_row ps)) by now rewrite app_length, map_length.
    assert (P' : planes = (before ++ map form_of_row ps) ++ planes_of below ++ after) by (rewrite P; now rewrite <- !app_assoc).
    rewrite (IH higher st' tl (names ++ seq (length before) (length ps)) (before ++ map form_of_row ps) after W' I' P' H').
    destruct (closed_at st x) eqn:C.
    + rewrite (nth_same o _ _ (T top higher x (proj1 (closed_at_iff _ _) C))). reflexivity.
    + rewrite (count_outside domain n below higher st' x I') by (unfold closed_at; now rewrite R). arithmetic.
  - destruct (stabilise _ _ _) as [st'|] eqn:E; [|discriminate].
    destruct (stabilise_step domain _ _ _ _ E I) as (I' & R & _ & S & T). rewrite <- S in H.
    rewrite (IH above st' tally names before after W I' P H). destruct (closed_at st x) eqn:C.
    + rewrite (nth_same o _ _ (T top above x (proj1 (closed_at_iff _ _) C))). reflexivity.
    + rewrite (count_outside domain n below above st' x I') by (unfold closed_at; now rewrite R). arithmetic.
  - destruct (drop _ _) as [st'|] eqn:E; [|discriminate].
    destruct (drop_step domain _ _ _ E I) as (I' & R & _ & S & L & N). rewrite <- S in H.
    rewrite (IH above st' tally names before after W I' P H). unfold target. now rewrite L, N.
  - destruct (mark_fits GatedUnits strict_side); [|discriminate].
    destruct (child _ _ true _) as [p|] eqn:Cp; [|discriminate]. destruct (child _ _ false _) as [m|] eqn:Cm; [|discriminate].
    destruct (child_step domain _ _ _ _ _ Cp I) as [Ip Sp _].
    destruct (child_step domain _ _ _ _ _ Cm I) as [Im Sm _].
    destruct (walk _ _ _ _ plus above p) as [a|] eqn:Wp; [|discriminate].
    destruct (walk _ _ _ _ minus above m) as [b|] eqn:Wm; [|discriminate].
    rewrite sum_app, count_app.
    assert (Hp : sum unit_part (gated_units plus above p names (length before))
      == count x (cells n plus above p) * (nth o (target top above st x) 0 - bias (nth o (neurons top) zero_form))).
    { assert (P' : planes = before ++ planes_of plus ++ planes_of minus ++ after) by (rewrite P; now rewrite <- !app_assoc).
      assert (H' : Forall2 (in_file planes) names (scope p)) by now rewrite Sp.
      rewrite (IHp above p a names before (planes_of minus ++ after) Wp Ip P' H').
      destruct (child_target domain n top plus above _ _ _ _ _ x o Cp I) as [Z|Z]; over_q; rewrite Z; arithmetic. }
    assert (Hm : sum unit_part (gated_units minus above m names (length before + length (planes_of plus)))
      == count x (cells n minus above m) * (nth o (target top above st x) 0 - bias (nth o (neurons top) zero_form))).
    { rewrite <- app_length.
      assert (P' : planes = (before ++ planes_of plus) ++ planes_of minus ++ after) by (rewrite P; now rewrite <- !app_assoc).
      assert (H' : Forall2 (in_file planes) names (scope m)) by now rewrite Sm.
      rewrite (IHm above m b names (before ++ planes_of plus) after Wm Im P' H').
      destruct (child_target domain n top minus above _ _ _ _ _ x o Cm I) as [Z|Z]; over_q; rewrite Z; arithmetic. }
    over_q. rewrite Hp, Hm. lra.
  - destruct (leaf_accepted _ _ _ _ _ _ _ _ _) eqn:F; [|discriminate]. unfold leaf_accepted in F.
    destruct map_rows; [|discriminate].
    unfold gated_leaf_fits in F. rewrite !andb_true_iff in F. destruct F as [[[[[G _] B] FF] A] U].
    destruct (gated_parts above top st) as [parts|] eqn:GP; [|discriminate].
    pose proof (gated_parts_value above top st parts x o GP output_exists) as V.
    set (gain := nth o (target top above st x) 0 - bias (nth o (neurons top) zero_form)).
    assert (SUM : sum unit_part (units_of_leaf names parts units)
      == sum (fun u => if closed_at st x && forallb (vanishes st x) (on_face u) then stated_weight u * gain else 0) units).
    { unfold units_of_leaf. rewrite sum_flat_map. apply sum_same. intros u K. rewrite (unit_sum names (scope st) parts u H).
      destruct (faces_are_subsets _ _ _ FF) as [FS _]. rewrite forallb_forall in U.
      pose proof (unit_clear domain st u x [] I (U u K) (FS (on_face u) (in_map on_face _ _ K)) in_domain) as CL.
      unfold clear in CL; simpl in CL. rewrite forallb_map in CL. over_q. rewrite CL.
      destruct (closed_at st x && _)%bool; [|reflexivity].
      assert (GAIN : sum (part_value (scope st) x o) parts == gain) by (unfold gain; arithmetic). over_q. now rewrite GAIN. }
    rewrite SUM, (signed_sum domain st absent units x gain I B FF A U). unfold count; simpl. arithmetic.
  - discriminate.
Qed.
End At_a_point.
End Tree.

Definition gated_network (n : nat) (inputs domain : list form) (f : network) (t : tree) : three_layer :=
  network_of n (map bias (neurons (output f))) (plane_units (planes_of t))
    (gated_units n (output f) t (hidden f) (start inputs domain) [] 0).

(** Theorem 8. *)
Theorem gated_certificate_is_equality_on_slice n inputs f domain t tally :
  check n inputs f domain GatedUnits false t = Some tally ->
  forall x, length x = n -> closed domain x ->
  exists y, evaluate (gated_network n inputs domain f t) x = Some (map finite y) /\ y ~~ run f (values inputs x).
Proof.
  intros C x L D. subst n. set (n := length x) in *. unfold gated_network.
  destruct (network_value (plane_units (planes_of t)) x (map bias (neurons (output f)))
              (gated_units n (output f) t (hidden f) (start inputs domain) [] 0)) as (y & E & Y).
  exists y. split; [exact E|]. eapply same_trans; [exact Y|]. unfold sums.
  assert (R : length (run f (values inputs x)) = length (map bias (neurons (output f)))) by (unfold run, affine; now rewrite !map_length).
  rewrite (list_by_nth (run f (values inputs x))), R. apply same_map. intros o O. apply in_seq in O. rewrite map_length in O.
  pose proof (gated_walk_sound n domain (output f) (planes_of t) x o D ltac:(lia) t _ _ _ [] [] [] C (start_invariant inputs domain)
                ltac:(simpl; now rewrite app_nil_r) (Forall2_nil _)) as S. simpl in S. unfold unit_part in S.
  over_q. rewrite S, (count_exact domain n (output f) GatedUnits t (or_intror eq_refl) _ _ _ C (start_invariant inputs domain)).
  unfold half_open. rewrite start_closed by exact D. simpl. unfold one_if.
  assert (B : nth o (map bias (neurons (output f))) 0 = bias (nth o (neurons (output f)) zero_form)) by (change 0 with (bias zero_form); apply map_nth).
  assert (T : target (output f) (hidden f) (start inputs domain) x = run f (values inputs x)).
  { unfold target, run, current_values, start, values. simpl. now rewrite map_map. }
  over_q. rewrite B, T. lra.
Qed.
Theorem gated_certificate_is_equality n f domain t tally : check n (identity n) f domain GatedUnits false t = Some tally ->
  forall x, length x = n -> closed domain x -> equal_at (gated_network n (identity n) domain f t) f x.
Proof.
  intros C x L D. destruct (gated_certificate_is_equality_on_slice n _ f domain t tally C x L D) as (y & E & Y).
  exists y. split; [exact E|]. eapply same_trans; [exact Y|]. apply run_same. subst n. apply identity_values.
Qed.
