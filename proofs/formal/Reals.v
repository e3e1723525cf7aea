(** The theorem over the reals of the standard library; its only axioms are those of these reals. *)
From Coq Require Import Reals Setoid Morphisms Lra.
From Verishallow Require Import OrderedRing Shallow.
Open Scope R_scope.

Module RealNumbers <: ORDERED_RING.
  Definition K := R.
  Definition equal := @eq R.
  Definition zero := 0.
  Definition one := 1.
  Definition add := Rplus.
  Definition mul := Rmult.
  Definition sub := Rminus.
  Definition opp := Ropp.
  Definition at_most (a b : R) : bool := if Rle_dec a b then true else false.
  Lemma at_most_iff a b : at_most a b = true <-> a <= b.
  Proof. unfold at_most. destruct (Rle_dec a b); split; auto; easy. Qed.
  Lemma equivalence : Equivalence equal. Proof. exact eq_equivalence. Qed.
  Lemma ring : ring_theory zero one add mul sub opp equal. Proof. exact RTheory. Qed.
  Lemma add_proper : Proper (equal ==> equal ==> equal) add. Proof. now intros a b -> c d ->. Qed.
  Lemma mul_proper : Proper (equal ==> equal ==> equal) mul. Proof. now intros a b -> c d ->. Qed.
  Lemma opp_proper : Proper (equal ==> equal) opp. Proof. now intros a b ->. Qed.
  Lemma at_most_proper : Proper (equal ==> equal ==> eq) at_most. Proof. now intros a b -> c d ->. Qed.
  Lemma total a b : at_most a b = true \/ at_most b a = true.
  Proof. rewrite !at_most_iff. lra. Qed.
  Lemma antisymmetric a b : at_most a b = true -> at_most b a = true -> equal a b.
  Proof. rewrite !at_most_iff. unfold equal. lra. Qed.
  Lemma transitive a b c : at_most a b = true -> at_most b c = true -> at_most a c = true.
  Proof. rewrite !at_most_iff. lra. Qed.
  Lemma add_monotone a b c : at_most a b = true -> at_most (add c a) (add c b) = true.
  Proof. rewrite !at_most_iff. unfold add. lra. Qed.
End RealNumbers.

Module Export Real := Shallow RealNumbers.

Theorem any_deep_relu_network_is_shallow_over_the_reals (f : network) (n : nat) :
  exists S : three_layer, forall x : list R, length x = n -> equal_at S f x.
Proof. exact (Real.any_deep_relu_network_is_shallow f n). Qed.
