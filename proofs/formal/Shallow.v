(** The theorem in general: every deep ReLU network is a three-layer network.

    The witness is the full tree: each neuron of each layer splits every cell in two, the closed side [h >= 0] and the strict
    side [h < 0]. A strict side is the closed one less its face [h = 0], so that each leaf becomes signed closed faces. *)
From Coq Require Import List Bool Setoid Morphisms Ring PeanoNat Lia.
From Verishallow Require Import OrderedRing Network Forms Construction Entries.
Import ListNotations.

Module Shallow (Ring : ORDERED_RING).
Module Export Entries := Entries Ring.
Add Ring KRing : ring (setoid equivalence ring_extension).

(** ** Forms of a layer: its pre-activations on a cell, where the sources are forms *)
Definition read_forms (l : layer) (sources : list (list form)) : list form :=
  concat (map (fun s => nth s sources []) (reads l)).
Definition forms_of (l : layer) (sources : list (list form)) : list form :=
  map (fun h => compose h (read_forms l sources)) (neurons l).

Definition values_of (sources : list (list form)) (x : vector) : list vector := map (fun forms => values forms x) sources.

Lemma values_app a b x : values (a ++ b) x = values a x ++ values b x.
Proof. apply map_app. Qed.
Lemma read_values l sources x : read l (values_of sources x) = values (read_forms l sources) x.
Proof.
  unfold read, read_forms. induction (reads l) as [|s r IH]; [reflexivity|].
  simpl. rewrite values_app, <- IH. f_equal. unfold values_of.
  change (@nil K) with ((fun forms => values forms x) []). apply map_nth.
Qed.
Lemma affine_values l sources x : affine l (values_of sources x) ~~ values (forms_of l sources) x.
Proof.
  unfold affine, forms_of, values. rewrite map_map, read_values. apply same_map. intros h _. symmetry. apply value_compose.
Qed.

Notation "s ~~~ t" := (Forall2 (Forall2 equal) s t) (at level 70).
Lemma source_same s t : s ~~~ t -> forall k, nth k s [] ~~ nth k t [].
Proof. induction 1; intros [|k]; simpl; auto; constructor. Qed.
Lemma read_same l s t : s ~~~ t -> read l s ~~ read l t.
Proof.
  intros H. apply same_concat. induction (reads l) as [|k r IH]; simpl; constructor; [now apply source_same | exact IH].
Qed.
Lemma affine_same l s t : s ~~~ t -> affine l s ~~ affine l t.
Proof. intros H. apply same_map. intros h _. apply value_same. now apply read_same. Qed.
Lemma relu_same u v : u ~~ v -> map relu u ~~ map relu v.
Proof. induction 1; simpl; constructor; auto. now apply relu_proper. Qed.
Lemma run_hidden_same layers : forall s t, s ~~~ t -> run_hidden layers s ~~~ run_hidden layers t.
Proof.
  induction layers as [|l r IH]; intros s t H; [exact H|]. simpl. apply IH, Forall2_app; [exact H|].
  constructor; [|constructor]. now apply relu_same, affine_same.
Qed.
Lemma nth_same o u v : u ~~ v -> nth o u 0 == nth o v 0.
Proof. intros H. revert o. induction H; intros [|o]; simpl; auto; reflexivity. Qed.
Lemma same_sym u v : u ~~ v -> v ~~ u.
Proof. induction 1; constructor; auto. now symmetry. Qed.

(** ** Cells: paths of constraints, and half-open membership *)
Record constraint := Constraint { lhs : form; strict : bool }.
Definition holds (x : vector) (c : constraint) : bool :=
  if strict c then negb (at_most (value (lhs c) x) 0) else at_most 0 (value (lhs c) x).
Definition inside (path : list constraint) (x : vector) : bool := forallb (holds x) path.
Definition leaf := (list constraint * list form)%type.

(** The part of output o that the leaves which contain x make up. *)
Definition part (x : vector) (o : nat) (l : leaf) : K :=
  if inside (fst l) x then value (nth o (snd l) zero_form) x else 0.

(** ** The full tree *)
Fixpoint split_all (todo : list form) (next : list form -> list constraint -> list leaf)
    (done : list form) (path : list constraint) : list leaf :=
  match todo with
  | [] => next done path
  | h :: rest =>
      split_all rest next (done ++ [h]) (Constraint h false :: path)
      ++ split_all rest next (done ++ [zero_form]) (Constraint (opposite h) true :: path)
  end.
Fixpoint leaves (layers : list layer) (top : layer) (sources : list (list form)) (path : list constraint) : list leaf :=
  match layers with
  | [] => [(path, forms_of top sources)]
  | l :: above => split_all (forms_of l sources) (fun done => leaves above top (sources ++ [done])) [] path
  end.

Lemma sides h x :
  (holds x (Constraint h false) = true /\ holds x (Constraint (opposite h) true) = false /\ 0 <= value h x)
  \/ (holds x (Constraint h false) = false /\ holds x (Constraint (opposite h) true) = true /\ value h x <= 0).
Proof.
  unfold holds; simpl. destruct (at_most 0 (value h x)) eqn:E; [left | right].
  - split; [reflexivity|]. split; [|reflexivity]. apply negb_false_iff. rewrite value_opposite. now apply opp_nonpositive.
  - split; [reflexivity|]. split; [|now apply not_at_most]. apply negb_true_iff.
    destruct (at_most (value (opposite h) x) 0) eqn:F; [|reflexivity]. rewrite value_opposite in F.
    apply opp_nonnegative in F. setoid_replace (- - value h x) with (value h x) in F by ring. congruence.
Qed.

Section Partition.
Variables (x : vector) (o : nat).
Definition total_part (l : list leaf) : K := sum (part x o) l.

(** If below each child of a layer the leaves make up a function of that layer's outputs, they do so above it. *)
Lemma split_all_sound target next : (forall u v, u ~~ v -> target u == target v) ->
  (forall done path, total_part (next done path) == if inside path x then target (values done x) else 0) ->
  forall todo done path, total_part (split_all todo next done path)
    == if inside path x then target (values done x ++ map relu (values todo x)) else 0.
Proof.
  intros P N. induction todo as [|h rest IH]; intros done path; simpl.
  - rewrite N. destruct (inside path x); [|reflexivity]. apply P. rewrite app_nil_r. apply same_refl.
  - unfold total_part in *. rewrite sum_app, !IH. simpl. rewrite !values_app, <- !app_assoc. simpl.
    destruct (inside path x); [|rewrite !andb_false_r; ring].
    destruct (sides h x) as [(A & B & V)|(A & B & V)]; rewrite A, B; simpl.
    + rewrite (Radd_comm ring), (Radd_0_l ring). apply P, Forall2_app; [apply same_refl|]. constructor; [|apply same_refl].
      now rewrite relu_active.
    + rewrite (Radd_0_l ring). apply P, Forall2_app; [apply same_refl|]. constructor; [|apply same_refl].
      rewrite value_zero. symmetry. now apply relu_inactive.
Qed.

Lemma leaves_sound layers top : forall sources path, total_part (leaves layers top sources path)
  == if inside path x then nth o (affine top (run_hidden layers (values_of sources x))) 0 else 0.
Proof.
  induction layers as [|l above IH]; intros sources path.
  - simpl. unfold total_part, part; simpl. destruct (inside path x); [|ring].
    rewrite (nth_same o _ _ (affine_values top sources x)).
    unfold values. rewrite <- (map_nth (fun h => value h x)). 
    setoid_replace (nth o (map (fun h => value h x) (forms_of top sources)) (value zero_form x))
      with (nth o (map (fun h => value h x) (forms_of top sources)) 0); [ring|].
    generalize (map (fun h => value h x) (forms_of top sources)). clear. intros l. revert o.
    induction l as [|a l IH]; intros [|o]; simpl; try reflexivity; try apply value_zero. apply IH.
  - cbn [leaves run_hidden].
    rewrite (split_all_sound
      (fun u => nth o (affine top (run_hidden above (values_of sources x ++ [u]))) 0)).
    + destruct (inside path x); [|reflexivity].
      apply nth_same, affine_same, run_hidden_same, Forall2_app.
      * induction (values_of sources x); constructor; auto. apply same_refl.
      * constructor; [|constructor]. simpl. apply relu_same, same_sym, affine_values.
    + intros u v E. apply nth_same, affine_same, run_hidden_same, Forall2_app.
      * induction (values_of sources x); constructor; auto. apply same_refl.
      * constructor; [exact E | constructor].
    + intros done path'. rewrite IH. unfold values_of. now rewrite map_app.
Qed.
End Partition.

(** ** Signed faces: a half-open cell as closed cells, counted with signs *)
Record face := Face { blocks : list form; face_sign : K }.
Definition blocked_by (b : form) (f : face) : face := Face (b :: blocks f) (face_sign f).
Definition taken_off (c : form) (f : face) : face := Face (c :: opposite c :: blocks f) (- face_sign f).
Fixpoint faces (path : list constraint) : list face :=
  match path with
  | [] => [Face [] 1]
  | c :: rest =>
      map (blocked_by (opposite (lhs c))) (faces rest)
      ++ if strict c then map (taken_off (lhs c)) (faces rest) else []
  end.
Definition clear (x : vector) (f : face) : bool := forallb (fun b => at_most (value b x) 0) (blocks f).

Lemma faces_sound x path :
  sum (fun f => if clear x f then face_sign f else 0) (faces path) == if inside path x then 1 else 0.
Proof.
  induction path as [|c rest IH]; [simpl; ring|]. simpl. rewrite sum_app, sum_map. unfold clear in *. simpl.
  assert (C : at_most (value (opposite (lhs c)) x) 0 = at_most 0 (value (lhs c) x)).
  { rewrite value_opposite. apply eq_true_iff_eq. split; intros H; [|now apply opp_nonpositive].
    apply opp_nonnegative in H. now setoid_replace (- - value (lhs c) x) with (value (lhs c) x) in H by ring. }
  rewrite C. unfold holds. destruct (strict c).
  - rewrite sum_map. simpl. rewrite C. destruct (at_most 0 (value (lhs c) x)) eqn:A; simpl.
    + rewrite IH. destruct (at_most (value (lhs c) x) 0) eqn:B; simpl.
      * rewrite (sum_same _ (fun f => - (1) * (if forallb (fun b => at_most (value b x) 0) (blocks f) then face_sign f else 0))).
        -- rewrite sum_scaled, IH. destruct (inside rest x); ring.
        -- intros f _. destruct (forallb _ _); ring.
      * rewrite (sum_zero (fun _ => 0)) by reflexivity. ring.
    + rewrite !(sum_zero _ (faces rest)); [|intros f _; now rewrite andb_false_r|reflexivity].
      rewrite (not_at_most _ _ A). simpl. ring.
  - simpl. destruct (at_most 0 (value (lhs c) x)); simpl.
    + rewrite IH. ring.
    + rewrite (sum_zero (fun _ => 0)) by reflexivity. ring.
Qed.

(** ** Entries: the units that gate them get their numbers *)
Record loose_entry := Loose { loose_face : face; loose_maps : list form }.
Definition entries_of (l : leaf) : list loose_entry := map (fun f => Loose f (snd l)) (faces (fst l)).
Definition units_of (l : list loose_entry) : list form := flat_map (fun e => blocks (loose_face e)) l.
Fixpoint numbered (next : nat) (l : list loose_entry) : list entry :=
  match l with
  | [] => []
  | e :: rest =>
      let number := length (blocks (loose_face e)) in
      Entry (seq next number) (loose_maps e) (face_sign (loose_face e)) :: numbered (next + number) rest
  end.
Definition loose_contribution (x : vector) (o : nat) (e : loose_entry) : K :=
  if clear x (loose_face e) then face_sign (loose_face e) * value (nth o (loose_maps e) zero_form) x else 0.

Lemma open_numbered x before b after fs w :
  entry_open (before ++ b ++ after) (Entry (seq (length before) (length b)) fs w) x = forallb (fun h => at_most (value h x) 0) b.
Proof.
  unfold entry_open; simpl. revert before. induction b as [|h b IH]; intros before; [reflexivity|]. simpl.
  rewrite app_nth2, Nat.sub_diag by lia. simpl. f_equal.
  rewrite <- (IH (before ++ [h])), app_length, <- app_assoc. simpl. now rewrite Nat.add_1_r.
Qed.
Lemma numbered_sound x o l : forall before,
  sum (contribution (before ++ units_of l) x o) (numbered (length before) l) == sum (loose_contribution x o) l.
Proof.
  induction l as [|e l IH]; intros before; [reflexivity|]. simpl.
  specialize (IH (before ++ blocks (loose_face e))). rewrite app_length, <- app_assoc in IH. rewrite IH.
  apply add_proper; [|reflexivity]. unfold contribution, loose_contribution. cbn [sign maps].
  now rewrite open_numbered.
Qed.

Lemma entries_of_leaf x o l : sum (loose_contribution x o) (entries_of l) == part x o l.
Proof.
  unfold entries_of. rewrite sum_map. unfold loose_contribution, part; simpl.
  rewrite (sum_same _ (fun f => value (nth o (snd l) zero_form) x * (if clear x f then face_sign f else 0)))
    by (intros f _; destruct (clear x f); ring).
  rewrite sum_scaled, faces_sound. destruct (inside (fst l) x); ring.
Qed.

(** ** The theorem *)
Definition loose_entries (n : nat) (f : network) : list loose_entry :=
  flat_map entries_of (leaves (hidden f) (output f) [coordinates n] []).
Definition shallow (n : nat) (f : network) : three_layer :=
  three_layer_of n (length (neurons (output f))) (units_of (loose_entries n f)) (numbered 0 (loose_entries n f)).

Lemma list_by_nth u : u = map (fun o => nth o u 0) (seq 0 (length u)).
Proof. apply list_by_index. Qed.

Theorem shallow_is_equal f x : equal_at (shallow (length x) f) f x.
Proof.
  unfold equal_at, shallow. set (n := length x).
  destruct (three_layer_value (units_of (loose_entries n f)) x (length (neurons (output f))) (numbered 0 (loose_entries n f)))
    as (y & E & Y).
  exists y. split; [exact E|]. eapply same_trans; [exact Y|].
  assert (L : length (run f x) = length (neurons (output f))) by (unfold run, affine; now rewrite map_length).
  rewrite (list_by_nth (run f x)), L. apply same_map. intros o _.
  pose proof (numbered_sound x o (loose_entries n f) []) as H. simpl in H. rewrite H. clear H.
  unfold loose_entries. rewrite sum_flat_map.
  rewrite (sum_same _ (part x o)) by (intros l _; apply entries_of_leaf).
  pose proof (leaves_sound x o (hidden f) (output f) [coordinates n] []) as H. unfold total_part in H. rewrite H. simpl.
  apply nth_same, affine_same, run_hidden_same. constructor; [|constructor]. apply values_coordinates.
Qed.

(** Every deep ReLU network is a three-layer network: defined everywhere, and everywhere equal. *)
Theorem any_deep_relu_network_is_shallow (f : network) (n : nat) :
  exists S : three_layer, forall x : vector, length x = n -> equal_at S f x.
Proof. exists (shallow n f). intros x <-. apply shallow_is_equal. Qed.
End Shallow.
