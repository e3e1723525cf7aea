(** Commutative rings with a total order that can be decided and that addition keeps: all that the theorem needs of the
    rationals and of the reals. How order and multiplication go together is never used. *)
From Coq Require Import Bool Setoid Morphisms Ring_theory.

Module Type ORDERED_RING.
  Parameter K : Type.
  Parameter equal : K -> K -> Prop.
  Parameters zero one : K.
  Parameters add mul sub : K -> K -> K.
  Parameter opp : K -> K.
  Parameter at_most : K -> K -> bool.
  Axiom equivalence : Equivalence equal.
  Axiom ring : ring_theory zero one add mul sub opp equal.
  Axiom add_proper : Proper (equal ==> equal ==> equal) add.
  Axiom mul_proper : Proper (equal ==> equal ==> equal) mul.
  Axiom opp_proper : Proper (equal ==> equal) opp.
  Axiom at_most_proper : Proper (equal ==> equal ==> eq) at_most.
  Axiom total : forall a b, at_most a b = true \/ at_most b a = true.
  Axiom antisymmetric : forall a b, at_most a b = true -> at_most b a = true -> equal a b.
  Axiom transitive : forall a b c, at_most a b = true -> at_most b c = true -> at_most a c = true.
  Axiom add_monotone : forall a b c, at_most a b = true -> at_most (add c a) (add c b) = true.
End ORDERED_RING.
