(** Affine forms: their algebra, and ReLU. *)
From Coq Require Import List Bool Setoid Morphisms Ring PeanoNat Lia.
From Verishallow Require Import OrderedRing Network.
Import ListNotations.

Module Forms (Ring : ORDERED_RING).
Module Export Net := Networks Ring.
Export Ring.

Declare Scope ring_scope.
Delimit Scope ring_scope with ring.
Notation "0" := zero : ring_scope.
Notation "1" := one : ring_scope.
Infix "+" := add : ring_scope.
Infix "*" := mul : ring_scope.
Infix "-" := sub : ring_scope.
Notation "- a" := (opp a) : ring_scope.
Infix "==" := equal (at level 70, no associativity) : ring_scope.
Notation "a <= b" := (at_most a b = true) : ring_scope.
Open Scope ring_scope.

#[global] Existing Instance equivalence.
#[global] Existing Instance add_proper.
#[global] Existing Instance mul_proper.
#[global] Existing Instance opp_proper.
#[global] Existing Instance at_most_proper.

Lemma sub_proper : Proper (equal ==> equal ==> equal) sub.
Proof.
  intros a b E c d F. rewrite !(Rsub_def ring). now rewrite E, F.
Qed.
#[global] Existing Instance sub_proper.

Lemma ring_extension : ring_eq_ext add mul opp equal.
Proof. constructor; [exact add_proper | exact mul_proper | exact opp_proper]. Qed.
Add Ring KRing : ring (setoid equivalence ring_extension).

(** ** Order *)
Lemma at_most_refl a : a <= a.
Proof. destruct (total a a); assumption. Qed.
Lemma at_most_equal a b : a == b -> a <= b.
Proof. intros ->. apply at_most_refl. Qed.
Lemma not_at_most a b : at_most a b = false -> b <= a.
Proof. destruct (total a b) as [H|H]; [congruence | intros _; exact H]. Qed.
Lemma at_most_add a b c d : a <= b -> c <= d -> a + c <= b + d.
Proof.
  intros H G. apply transitive with (a + d); [now apply add_monotone|].
  rewrite (Radd_comm ring a d), (Radd_comm ring b d). now apply add_monotone.
Qed.
Lemma add_nonnegative a b : 0 <= a -> 0 <= b -> 0 <= a + b.
Proof.
  intros H G. assert (E : 0 == 0 + 0) by ring. rewrite E. now apply at_most_add.
Qed.
Lemma opp_nonnegative a : a <= 0 -> 0 <= - a.
Proof.
  intros H. apply (add_monotone _ _ (- a)) in H. setoid_replace (- a + a) with 0 in H by ring.
  now setoid_replace (- a + 0) with (- a) in H by ring.
Qed.
Lemma opp_nonpositive a : 0 <= a -> - a <= 0.
Proof.
  intros H. apply (add_monotone _ _ (- a)) in H. setoid_replace (- a + a) with 0 in H by ring.
  now setoid_replace (- a + 0) with (- a) in H by ring.
Qed.
Lemma opp_at_most_zero a : 0 <= - a -> a <= 0.
Proof. intros H. assert (E : a == - - a) by ring. rewrite E. now apply opp_nonpositive. Qed.

(** ** ReLU *)
Lemma relu_active z : 0 <= z -> relu z = z.
Proof. unfold relu. now intros ->. Qed.
Lemma relu_inactive z : z <= 0 -> relu z == 0.
Proof.
  unfold relu. intros H. destruct (at_most 0 z) eqn:E; [|reflexivity]. now apply antisymmetric.
Qed.
Lemma relu_nonnegative z : 0 <= relu z.
Proof. unfold relu. destruct (at_most 0 z) eqn:E; [exact E | apply at_most_refl]. Qed.
#[global] Instance relu_proper : Proper (equal ==> equal) relu.
Proof. intros a b E. unfold relu. rewrite E. now destruct (at_most 0 b). Qed.
Lemma relu_difference z : relu z - relu (- z) == z.
Proof.
  destruct (total 0 z) as [H|H].
  - rewrite (relu_active z H), (relu_inactive (- z)) by now apply opp_nonpositive. ring.
  - rewrite (relu_inactive z H), (relu_active (- z)) by now apply opp_nonnegative. ring.
Qed.

(** ** Vectors up to equality *)
Notation "x ~~ y" := (Forall2 equal x y) (at level 70) : ring_scope.
Lemma same_refl x : x ~~ x.
Proof. induction x; constructor; [reflexivity | assumption]. Qed.
Lemma same_map {A} (f g : A -> K) l : (forall a, In a l -> f a == g a) -> map f l ~~ map g l.
Proof. induction l; simpl; intros H; constructor; auto. Qed.
Lemma same_concat (x y : list vector) : Forall2 (Forall2 equal) x y -> concat x ~~ concat y.
Proof. induction 1; simpl; [constructor | now apply Forall2_app]. Qed.
Lemma same_length x y : x ~~ y -> length x = length y.
Proof. induction 1; simpl; congruence. Qed.
Lemma same_trans x y z : x ~~ y -> y ~~ z -> x ~~ z.
Proof.
  intros H; revert z; induction H; intros z G; inversion G; subst; constructor; [etransitivity; eassumption | auto].
Qed.

(** ** Affine forms *)
Lemma dot_same a : forall x y, x ~~ y -> dot a x == dot a y.
Proof. induction a as [|p a IH]; intros x y H; destruct H; simpl; try reflexivity. rewrite H. now rewrite (IH _ _ H0). Qed.
Lemma value_same h x y : x ~~ y -> value h x == value h y.
Proof. intros H. unfold value. now rewrite (dot_same _ _ _ H). Qed.

Fixpoint vector_add (a b : vector) : vector :=
  match a, b with
  | [], _ => b
  | _, [] => a
  | p :: a', q :: b' => p + q :: vector_add a' b'
  end.
Definition form_add (g h : form) : form := Form (vector_add (weights g) (weights h)) (bias g + bias h).
Definition scaled (k : K) (h : form) : form := Form (map (mul k) (weights h)) (k * bias h).
Definition zero_form : form := Form [] 0.
Definition opposite (h : form) : form := scaled (- (1)) h.

Lemma dot_add a : forall b x, dot (vector_add a b) x == dot a x + dot b x.
Proof.
  induction a as [|p a IH]; intros b x; [simpl; ring|]. destruct b as [|q b].
  - destruct x; simpl; ring.
  - destruct x as [|y x]; simpl; [ring|]. rewrite IH. ring.
Qed.
Lemma dot_scaled k a : forall x, dot (map (mul k) a) x == k * dot a x.
Proof. induction a as [|p a IH]; intros x; destruct x as [|y x]; simpl; try ring. rewrite IH. ring. Qed.
Lemma value_add g h x : value (form_add g h) x == value g x + value h x.
Proof. unfold value; simpl. rewrite dot_add. ring. Qed.
Lemma value_scaled k h x : value (scaled k h) x == k * value h x.
Proof. unfold value; simpl. rewrite dot_scaled. ring. Qed.
Lemma value_zero x : value zero_form x == 0.
Proof. unfold value; simpl. ring. Qed.
Lemma value_opposite h x : value (opposite h) x == - value h x.
Proof. unfold opposite. rewrite value_scaled. ring. Qed.

(** ** Composition: a form of the values of forms is a form *)
Definition values (forms : list form) (x : vector) : vector := map (fun h => value h x) forms.
Fixpoint combination (a : vector) (forms : list form) : form :=
  match a, forms with p :: a', g :: forms' => form_add (scaled p g) (combination a' forms') | _, _ => zero_form end.
Definition compose (h : form) (forms : list form) : form := form_add (combination (weights h) forms) (Form [] (bias h)).

Lemma value_combination a : forall forms x, value (combination a forms) x == dot a (values forms x).
Proof.
  induction a as [|p a IH]; intros [|g forms] x; simpl; try apply value_zero.
  rewrite value_add, value_scaled, IH. reflexivity.
Qed.
Lemma value_compose h forms x : value (compose h forms) x == value h (values forms x).
Proof.
  unfold compose. rewrite value_add, value_combination. unfold value; simpl. ring.
Qed.

(** The form of coordinate i, and those of all n coordinates. *)
Definition coordinate (i : nat) : form := Form (repeat 0 i ++ [1]) 0.
Lemma value_coordinate i : forall x, value (coordinate i) x == nth i x 0.
Proof.
  unfold value; simpl. intros x. revert x. induction i as [|i IH]; intros [|y x]; simpl; try ring.
  rewrite <- IH. ring.
Qed.
Definition coordinates (n : nat) : list form := map coordinate (seq 0 n).
Lemma values_coordinates x : values (coordinates (length x)) x ~~ x.
Proof.
  unfold values, coordinates. rewrite map_map. apply same_trans with (map (fun i => nth i x 0) (seq 0 (length x))).
  - apply same_map. intros i _. apply value_coordinate.
  - induction x as [|y x IH]; simpl; constructor; [reflexivity|]. rewrite <- seq_shift, map_map. exact IH.
Qed.
End Forms.
