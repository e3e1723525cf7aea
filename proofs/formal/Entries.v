(** Entries: a list of maps, one an output, with a sign and with gates; two units of layer 2 for each output. *)
From Coq Require Import List Bool Setoid Morphisms Ring PeanoNat Lia.
From Verishallow Require Import OrderedRing Network Forms Construction.
Import ListNotations.

Module Entries (Ring : ORDERED_RING).
Module Export Construction := Construction Ring.
Add Ring KRing : ring (setoid equivalence ring_extension).

Record entry := Entry { entry_gates : list nat; maps : list form; sign : K }.

Definition at_output (m o : nat) (w : K) : vector := map (fun p => if Nat.eqb p o then w else 0) (seq 0 m).
Definition units_of_map (m : nat) (e : entry) (o : nat) : list unit :=
  let h := nth o (maps e) zero_form in
  [Unit (entry_gates e) h [] (at_output m o (sign e)); Unit (entry_gates e) (opposite h) [] (at_output m o (- sign e))].
Definition units_of_entry (m : nat) (e : entry) : list unit := flat_map (units_of_map m e) (seq 0 m).
Definition three_layer_of (n m : nat) (first_units : list form) (entries : list entry) : three_layer :=
  network_of n (repeat 0 m) first_units (flat_map (units_of_entry m) entries).

Definition entry_open (first_units : list form) (e : entry) (x : vector) : bool :=
  forallb (fun i => at_most (value (nth i first_units zero_form) x) 0) (entry_gates e).
Definition contribution (first_units : list form) (x : vector) (o : nat) (e : entry) : K :=
  if entry_open first_units e x then sign e * value (nth o (maps e) zero_form) x else 0.

Lemma nth_repeat_zero o m : nth o (repeat 0 m) 0 = 0.
Proof. revert o. induction m as [|m IH]; intros [|o]; simpl; auto. Qed.
Lemma nth_at_output m o p w : (p < m)%nat -> nth p (at_output m o w) 0 = if Nat.eqb p o then w else 0.
Proof.
  intros L. unfold at_output. rewrite (nth_indep _ 0 (if Nat.eqb 0 o then w else 0)) by now rewrite map_length, seq_length.
  rewrite (map_nth (fun p => if Nat.eqb p o then w else 0)), seq_nth by exact L. reflexivity.
Qed.

Section At_a_point.
Variables (first_units : list form) (x : vector) (m : nat).

Lemma units_of_map_value e o p : (p < m)%nat ->
  sum (fun u => nth p (into u) 0 * unit_value first_units x u) (units_of_map m e o)
  == if Nat.eqb p o then contribution first_units x p e else 0.
Proof.
  intros L. unfold units_of_map, contribution; cbn [sum into]. rewrite !nth_at_output by exact L.
  unfold unit_value, pre_value, open; cbn [gates payload feeds sum]. fold (entry_open first_units e x).
  destruct (Nat.eqb_spec p o) as [->|N]; destruct (entry_open first_units e x); try ring.
  setoid_replace (value (opposite (nth o (maps e) zero_form)) x + 0) with (- value (nth o (maps e) zero_form) x)
    by (rewrite value_opposite; ring).
  setoid_replace (value (nth o (maps e) zero_form) x + 0) with (value (nth o (maps e) zero_form) x) by ring.
  rewrite <- (relu_difference (value (nth o (maps e) zero_form) x)) at 3. ring.
Qed.

Lemma units_of_entry_value e p : (p < m)%nat ->
  sum (fun u => nth p (into u) 0 * unit_value first_units x u) (units_of_entry m e) == contribution first_units x p e.
Proof.
  intros L. unfold units_of_entry. rewrite sum_flat_map.
  rewrite (sum_same _ (fun o => if Nat.eqb p o then contribution first_units x p e else 0))
    by (intros o _; now apply units_of_map_value).
  rewrite (sum_only p (contribution first_units x p e)). simpl.
  assert (A : Nat.ltb p m = true) by now apply Nat.ltb_lt. now rewrite A.
Qed.
End At_a_point.

(** The network is defined at x, and its outputs are the sums of the contributions of the entries. *)
Theorem three_layer_value first_units x m entries :
  exists y, evaluate (three_layer_of (length x) m first_units entries) x = Some (map finite y)
  /\ y ~~ map (fun o => sum (contribution first_units x o) entries) (seq 0 m).
Proof.
  unfold three_layer_of.
  destruct (network_value first_units x (repeat 0 m) (flat_map (units_of_entry m) entries)) as (y & E & Y).
  exists y. split; [exact E|]. eapply same_trans; [exact Y|]. unfold sums. rewrite repeat_length.
  apply same_map. intros o O. rewrite nth_repeat_zero, sum_flat_map.
  rewrite (sum_same _ (contribution first_units x o)); [ring|]. intros e _.
  apply units_of_entry_value. apply in_seq in O. lia.
Qed.
End Entries.
