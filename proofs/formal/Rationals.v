(** The theorem over the rationals: no axiom at all. *)
From Coq Require Import QArith Setoid Morphisms Lqa.
From Verishallow Require Import OrderedRing Shallow.

Module Rationals <: ORDERED_RING.
  Definition K := Q.
  Definition equal := Qeq.
  Definition zero := 0.
  Definition one := 1.
  Definition add := Qplus.
  Definition mul := Qmult.
  Definition sub := Qminus.
  Definition opp := Qopp.
  Definition at_most := Qle_bool.
  Lemma equivalence : Equivalence equal. Proof. exact Q_Setoid. Qed.
  Lemma ring : ring_theory zero one add mul sub opp equal. Proof. exact Qsrt. Qed.
  Lemma add_proper : Proper (equal ==> equal ==> equal) add. Proof. exact Qplus_comp. Qed.
  Lemma mul_proper : Proper (equal ==> equal ==> equal) mul. Proof. exact Qmult_comp. Qed.
  Lemma opp_proper : Proper (equal ==> equal) opp. Proof. exact Qopp_comp. Qed.
  Lemma at_most_proper : Proper (equal ==> equal ==> eq) at_most. Proof. exact Qleb_comp. Qed.
  Lemma total a b : at_most a b = true \/ at_most b a = true.
  Proof. unfold at_most. rewrite !Qle_bool_iff. destruct (Qlt_le_dec a b); [left; now apply Qlt_le_weak | now right]. Qed.
  Lemma antisymmetric a b : at_most a b = true -> at_most b a = true -> equal a b.
  Proof. unfold at_most. rewrite !Qle_bool_iff. apply Qle_antisym. Qed.
  Lemma transitive a b c : at_most a b = true -> at_most b c = true -> at_most a c = true.
  Proof. unfold at_most. rewrite !Qle_bool_iff. apply Qle_trans. Qed.
  Lemma add_monotone a b c : at_most a b = true -> at_most (add c a) (add c b) = true.
  Proof. unfold at_most, add. rewrite !Qle_bool_iff. intros. lra. Qed.
End Rationals.

Module Export Rational := Shallow Rationals.

Theorem any_deep_relu_network_is_shallow (f : network) (n : nat) :
  exists S : three_layer, forall x : list Q, length x = n -> equal_at S f x.
Proof. exact (Rational.any_deep_relu_network_is_shallow f n). Qed.
