(** From one step to the whole tree: what the leaves' units add up to. *)
From Coq Require Import List Bool QArith PeanoNat NArith ZArith Lia Lqa Setoid Morphisms.
From Verishallow Require Import OrderedRing Network Forms Construction Entries Shallow Rationals Certificate Reasons FaceSets
  Soundness.
Import ListNotations.
Open Scope Q_scope.

(** ** A split *)
Lemma multiple_of_sound plane h l x : multiple_of plane h = Some l -> ~ l == 0 /\ value h x == l * value plane x.
Proof.
  unfold multiple_of. set (k := first_ratio _ _). destruct (_ && _)%bool eqn:E; [|discriminate].
  intros F. injection F as <-. apply andb_true_iff in E as [N Z]. apply negb_true_iff in N.
  split; [intros H; apply Qeq_bool_iff in H; congruence|].
  apply (value_is_zero _ x) in Z. rewrite value_add_multiple in Z. lra.
Qed.
Lemma multiple_of_zero h : multiple_of zero_form h = None.
Proof. unfold multiple_of. simpl. destruct (weights h); reflexivity. Qed.
Lemma scale_sign l v : ~ l == 0 -> 0 <= (if above_zero l then v else - v) <-> 0 <= l * v.
Proof.
  intros N. destruct (above_zero l) eqn:P.
  - apply above_zero_iff in P. split; intros H; [apply Qmult_le_0_compat; lra|].
    destruct (Qlt_le_dec v 0) as [V|V]; [|exact V]. exfalso.
    assert (0 < l * - v) by (apply Qmult_lt_0_compat; lra). lra.
  - apply above_zero_false in P. split; intros H.
    + assert (0 <= - l * - v) by (apply Qmult_le_0_compat; lra). lra.
    + destruct (Qlt_le_dec (- v) 0) as [V|V]; [|exact V]. exfalso.
      assert (0 < - l * v) by (apply Qmult_lt_0_compat; lra). lra.
Qed.

Lemma scale_sign_strict l v : ~ l == 0 -> 0 < (if above_zero l then v else - v) <-> 0 < l * v.
Proof.
  intros N. pose proof (scale_sign l (- v) N) as S. split; intros H; apply Qnot_le_lt; intros L.
  - assert (G : 0 <= l * - v) by lra. apply S in G. destruct (above_zero l); lra.
  - assert (G : 0 <= (if above_zero l then - v else - - v)) by (destruct (above_zero l); lra). apply S in G. lra.
Qed.

Definition side_value (side : bool) (v : Q) : Q := if side then v else - v.

Lemma nth_error_last {A} (l : list A) a : nth_error (l ++ [a]) (length l) = Some a.
Proof. rewrite nth_error_app2, Nat.sub_diag by lia. reflexivity. Qed.
Lemma nth_error_old {A} (l : list A) a i c : nth_error (l ++ [a]) i = Some c -> i <> length l -> nth_error l i = Some c.
Proof.
  intros N I. assert (L : (i < length l)%nat).
  { assert (i < length (l ++ [a]))%nat by (apply nth_error_Some; congruence). rewrite app_length in H. simpl in H. lia. }
  now rewrite nth_error_app1 in N.
Qed.

Record child_facts domain neuron strict_side (side : bool) (st st' : state) : Prop := {
  child_invariant : invariant domain st';
  child_scope : scope st' = scope st;
  child_row : exists h k c, nth_error (current st) neuron = Some (h, Undecided k)
    /\ rows st' = rows st ++ [c]
    /\ strict_rows st' = (if strict_on strict_side side then strict_rows st ++ [length (rows st)] else strict_rows st)
    /\ (forall x, 0 <= value c x <-> 0 <= side_value side (value h x))
    /\ (forall x, 0 < value c x <-> 0 < side_value side (value h x))
    /\ forall top above x, 0 <= side_value side (value h x) -> target top above st' x ~~ target top above st x;
}.

Lemma child_step domain neuron strict_side side st st' : child neuron strict_side side st = Some st' ->
  invariant domain st -> child_facts domain neuron strict_side side st st'.
Proof.
  unfold child. destruct (nth_error (current st) neuron) as [[h [k| |]]|] eqn:N; try discriminate.
  set (plane := nth k (scope st) zero_form). destruct (multiple_of plane h) as [l|] eqn:M; [|discriminate]. cbv zeta.
  set (along := Bool.eqb (above_zero l) side). set (row := if along then plane else negated plane).
  set (z := if along then (- Z.of_nat (S k))%Z else Z.of_nat (S k)). set (i := length (rows st)).
  intros E I. injection E as <-.
  assert (K : (k < length (scope st))%nat).
  { destruct (Nat.lt_ge_cases k (length (scope st))) as [H|H]; [exact H|]. exfalso.
    unfold plane in M. rewrite nth_overflow, multiple_of_zero in M by exact H. discriminate. }
  assert (Z0 : z <> 0%Z) by (unfold z; destruct along; lia).
  assert (ZK : (Z.abs_nat z <= length (scope st))%nat) by (unfold z; destruct along; lia).
  assert (UNIT : forall x, value (unit_form (scope st) z) x == - value row x).
  { intros x. assert (P : value (unit_form (scope st) (Z.of_nat (S k))) x == value plane x).
    { simpl. unfold plane_number. rewrite SuccNat2Pos.id_succ. reflexivity. }
    unfold z, row. destruct along; [rewrite value_unit_opp, P; reflexivity | rewrite P, value_negated; lra]. }
  assert (OLD : length (violations st) = i) by apply (same_number I).
  assert (LAST : nth i (violations st ++ [z]) 0%Z = z) by (rewrite app_nth2, <- OLD, Nat.sub_diag by lia; reflexivity).
  assert (BEFORE : forall j, (j < i)%nat -> nth j (violations st ++ [z]) 0%Z = nth j (violations st) 0%Z)
    by (intros j J; now apply app_nth1; rewrite OLD).
  assert (RANGE : forall j, on_path j st = true -> (j < i)%nat).
  { intros j P. destruct (on_path_in_range _ _ _ I P) as (c & C). apply nth_error_Some. congruence. }
  set (st' := State _ _ _ _ _ _ _ _).
  assert (PATH : forall j, on_path j st' = true -> j = i \/ (j < i)%nat /\ on_path j st = true).
  { intros j P. unfold on_path in *; simpl in P. destruct (Nat.lt_total j i) as [J|[J|J]]; [right|now left|].
    - now rewrite BEFORE in P.
    - rewrite nth_overflow in P; [discriminate|]. rewrite app_length; simpl. lia. }
  assert (STILL : forall j, on_path j st = true -> on_path j st' = true).
  { intros j P. pose proof (RANGE j P). unfold on_path in *; simpl. now rewrite BEFORE. }
  assert (NEW : on_path i st' = true) by (unfold on_path; simpl; rewrite LAST; now apply negb_true_iff, Z.eqb_neq).
  constructor; [|reflexivity|].
  - constructor; simpl.
    + rewrite !app_length. simpl. lia.
    + intros c C. apply in_or_app. left. now apply (domain_is_there I).
    + intros j c C P. destruct (Nat.eq_dec j i) as [->|J]; [congruence|].
      apply nth_error_old in C; [|exact J]. apply (off_path I j); [exact C|].
      destruct (on_path j st) eqn:O; [|reflexivity]. apply STILL in O. congruence.
    + intros j P. unfold violation; simpl. destruct (PATH j P) as [->|[J O]]; [now rewrite LAST|].
      rewrite BEFORE by exact J. now apply (unit_in_scope I).
    + intros j c x C P. unfold violation; simpl. destruct (PATH j P) as [->|[J O]].
      * unfold i in C. rewrite nth_error_last in C. injection C as <-. rewrite LAST. apply UNIT.
      * rewrite BEFORE by exact J. apply nth_error_old in C; [|unfold i in J; lia]. now apply (unit_is_violation I).
    + intros j J. apply in_app_or in J as [J|[<-|[]]]; [apply STILL; now apply (kept_on_path I) | exact NEW].
    + intros j J. assert (S : In j (strict_rows st) \/ j = i).
      { destruct (strict_on strict_side side); [|now left]. apply in_app_or in J as [J|[<-|[]]]; auto. }
      destruct S as [S| ->]; [apply STILL; now apply (strict_on_path I) | exact NEW].
    + intros x D H c C. apply in_app_or in C as [C|[<-|[]]].
      * revert c C. apply (kept_enough I); [exact D|]. intros j c J C. apply (H j); [apply in_or_app; now left|].
        rewrite nth_error_app1; [exact C|]. apply RANGE. now apply (kept_on_path I).
      * apply (H i); [apply in_or_app; right; now left|]. apply nth_error_last.
    + intros x C H. assert (C' : closed (rows st) x) by (intros c G; apply C, in_or_app; now left).
      assert (B : forall j c, In j (strict_rows st) -> nth_error (rows st) j = Some c -> 0 < value c x).
      { apply (boundary_enough I); [exact C'|]. intros j c J G. apply (H j).
        - destruct (strict_on strict_side side); [apply in_or_app; now left | exact J].
        - rewrite nth_error_app1; [exact G|]. apply nth_error_Some. congruence. }
      intros j c J G. destruct (Nat.eq_dec j i) as [->|NE].
      * destruct (strict_on strict_side side).
        -- apply (H i); [apply in_or_app; right; now left | exact G].
        -- exfalso. pose proof (RANGE i (strict_on_path I i J)). lia.
      * apply nth_error_old in G; [|exact NE]. apply (B j); [|exact G].
        destruct (strict_on strict_side side); [|exact J]. apply in_app_or in J as [J|[J|[]]]; [exact J | congruence].
    + intros j J. destruct (strict_on strict_side side).
      * apply in_app_or in J as [J|[<-|[]]]; apply in_or_app; [left; now apply (boundary_strict I) | right; now left].
      * now apply (boundary_strict I).
    + intros j J S. assert (J' : In j (kept st) \/ j = i) by (apply in_app_or in J as [J|[<-|[]]]; auto).
      destruct (strict_on strict_side side).
      * apply in_or_app. destruct J' as [J'| ->]; [|right; now left]. left. apply (kept_strict I); [exact J'|].
        apply in_app_or in S as [S|[S|[]]]; [exact S|]. exfalso. subst j. pose proof (RANGE i (kept_on_path I i J')). lia.
      * destruct J' as [J'| ->]; [now apply (kept_strict I)|]. exfalso. pose proof (RANGE i (strict_on_path I i S)). lia.
  - exists h, k, row. split; [exact N|]. split; [reflexivity|]. split; [reflexivity|].
    (* The row is the plane or its negative: up to the sign of lambda, the form of this side. *)
    assert (R : forall x, exists v, value row x == (if above_zero l then v else - v) /\ side_value side (value h x) == l * v).
    { intros x. destruct (multiple_of_sound _ _ _ x M) as [_ V]. exists (side_value side (value plane x)).
      unfold row, along, side_value. destruct (above_zero l), side; simpl; rewrite ?value_negated; split; lra. }
    destruct (multiple_of_sound _ _ _ [] M) as [L _]. split; [|split].
    + intros x. destruct (R x) as (v & -> & ->). now apply scale_sign.
    + intros x. destruct (R x) as (v & -> & ->). now apply scale_sign_strict.
    + intros top above x S. apply target_same. apply (replace_same _ _ _ _ _ _ N). unfold neuron_value, side_value in *; simpl.
      destruct side; symmetry; [now apply relu_of_nonnegative | apply relu_of_nonpositive; lra].
Qed.
