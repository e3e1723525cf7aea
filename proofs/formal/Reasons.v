(** What the checker's arithmetic and its reasons prove (Lemma 3). *)
From Coq Require Import List Bool QArith Qreduction PeanoNat Lia Lqa Setoid Morphisms.
From Verishallow Require Import OrderedRing Network Forms Construction Entries Shallow Rationals Certificate.
Import ListNotations.
Open Scope Q_scope.

#[global] Arguments Qred _ : simpl never.
#[global] Arguments Qplus _ _ : simpl never.
#[global] Arguments Qmult _ _ : simpl never.
#[global] Arguments Qopp _ : simpl never.
#[global] Arguments Qle_bool _ _ : simpl never.
#[global] Arguments Qeq_bool _ _ : simpl never.

Ltac over_q := unfold Rationals.K, Rationals.equal, Rationals.add, Rationals.mul, Rationals.sub, Rationals.opp,
  Rationals.zero, Rationals.one, Rationals.at_most in *.
Ltac arithmetic := over_q; lra.

Lemma le_bool a b : Qle_bool a b = true <-> a <= b.
Proof. apply Qle_bool_iff. Qed.
Lemma above_zero_iff a : above_zero a = true <-> 0 < a.
Proof.
  unfold above_zero. rewrite negb_true_iff. split; intros H.
  - apply Qnot_le_lt. intros L. apply le_bool in L. congruence.
  - destruct (Qle_bool a 0) eqn:E; [|reflexivity]. apply le_bool in E. lra.
Qed.
Lemma above_zero_false a : above_zero a = false <-> a <= 0.
Proof. unfold above_zero. rewrite negb_false_iff. apply le_bool. Qed.

(** ** Forms *)
Lemma dot_plus_multiple k a : forall acc x, dot (plus_multiple k a acc) x == k * dot a x + dot acc x.
Proof.
  unfold plus_multiple. induction a as [|p a IH]; intros [|q acc] [|y x]; simpl; over_q; try lra;
    unfold reduced_times at 1; rewrite IH, Qred_correct; simpl; over_q; lra.
Qed.
Lemma value_add_multiple k h acc x : value (add_multiple k h acc) x == k * value h x + value acc x.
Proof. unfold value, add_multiple; simpl. over_q. rewrite dot_plus_multiple, Qred_correct. lra. Qed.
Lemma value_accumulated a : forall forms acc x, value (accumulated a forms acc) x == dot a (values forms x) + value acc x.
Proof.
  induction a as [|p a IH]; intros [|g forms] acc x; simpl; over_q; try lra.
  rewrite IH. destruct (Qeq_bool p 0) eqn:E; [apply Qeq_bool_iff in E; rewrite E; lra|].
  rewrite value_add_multiple. lra.
Qed.
Lemma is_null_iff a : is_null a = true <-> a == 0.
Proof. unfold is_null, Qeq. rewrite Z.eqb_eq. simpl. lia. Qed.
Lemma dot_nulls a : forall x, forallb is_null a = true -> dot a x == 0.
Proof.
  induction a as [|p a IH]; intros [|y x]; simpl; over_q; intros E; try lra.
  apply andb_true_iff in E as [P E]. apply is_null_iff in P. rewrite P, (IH _ E). lra.
Qed.
Lemma is_coordinate_dot a : forall i x, is_coordinate i a = true -> dot a x == nth i x 0.
Proof.
  induction a as [|p a IH]; intros [|i] [|y x] E; simpl in *; over_q; try discriminate; try lra;
    apply andb_true_iff in E as [P E].
  - apply Qeq_bool_iff in P. rewrite P, (dot_nulls a x E). lra.
  - apply is_null_iff in P. rewrite P, (IH _ _ E). lra.
Qed.
Lemma dot_from i : forall p a x, dot (p :: a) (skipn i x) == p * nth i x 0 + dot a (skipn (S i) x).
Proof.
  induction i as [|i IH]; intros p a [|y x]; try (simpl; destruct a; simpl; over_q; lra). exact (IH p a x).
Qed.
Lemma coordinates_from_least forms : forall i, (i <= coordinates_from i forms)%nat.
Proof. induction forms as [|g forms IH]; intros i; simpl; [|destruct (_ && _)%bool; [specialize (IH (S i))|]]; lia. Qed.
Lemma dot_coordinates forms : forall i a x, let k := (coordinates_from i forms - i)%nat in
  dot (firstn k a) (skipn i x) + dot (skipn k a) (values (skipn k forms) x) == dot a (values forms x).
Proof.
  induction forms as [|g forms IH]; intros i a x; simpl; [rewrite Nat.sub_diag; simpl; over_q; lra|].
  destruct (is_null (bias g) && is_coordinate i (weights g))%bool eqn:E; [|rewrite Nat.sub_diag; simpl; over_q; lra].
  apply andb_true_iff in E as [B C]. apply is_null_iff in B. pose proof (coordinates_from_least forms (S i)) as L.
  replace (coordinates_from (S i) forms - i)%nat with (S (coordinates_from (S i) forms - S i)) by lia.
  destruct a as [|p a]; [simpl; over_q; lra|]. specialize (IH (S i) a x). cbn [firstn skipn]. rewrite dot_from.
  change (dot (p :: a) (value g x :: values forms x)) with (p * value g x + dot a (values forms x)).
  assert (V : value g x == nth i x 0) by (unfold value; rewrite (is_coordinate_dot _ _ x C); over_q; rewrite B; lra).
  over_q. rewrite V, <- IH. lra.
Qed.
Lemma value_composed forms h x : value (composed forms (coordinates_from 0 forms) h) x == value h (values forms x).
Proof.
  unfold composed. rewrite value_accumulated. pose proof (dot_coordinates forms 0 (weights h) x) as D. rewrite Nat.sub_0_r in D.
  unfold value; simpl in *. over_q. rewrite Qred_correct. lra.
Qed.
Lemma dot_plus_is a : forall x acc, dot_plus a x acc == dot a x + acc.
Proof. induction a as [|p a IH]; intros [|y x] acc; simpl; over_q; try lra. rewrite IH. lra. Qed.
Lemma evaluated_is h x : evaluated h x == value h x.
Proof. unfold evaluated. rewrite Qred_correct. apply dot_plus_is. Qed.
Lemma value_constant h x : is_constant h = true -> value h x == bias h.
Proof.
  unfold is_constant, value. intros E. assert (D : dot (weights h) x == 0); [|over_q; lra].
  revert x. induction (weights h) as [|a l IH]; intros [|y x]; simpl in *; over_q; try lra.
  apply andb_true_iff in E as [A B]. apply Qeq_bool_iff in A. rewrite (IH B), A. lra.
Qed.
Lemma value_is_zero h x : is_zero h = true -> value h x == 0.
Proof.
  unfold is_zero. intros E. apply andb_true_iff in E as [A B]. apply Qeq_bool_iff in B.
  rewrite (value_constant h x A). exact B.
Qed.
Lemma same_form_value g h x : same_form g h = true -> value g x == value h x.
Proof. unfold same_form. intros E. apply (value_is_zero _ x) in E. rewrite value_add_multiple in E. lra. Qed.
Lemma value_negated h x : value (negated h) x == - value h x.
Proof.
  unfold negated, value; simpl. over_q. assert (D : dot (map Qopp (weights h)) x == - dot (weights h) x); [|lra].
  revert x. induction (weights h) as [|a l IH]; intros [|y x]; simpl; over_q; try lra. rewrite IH. lra.
Qed.
Lemma layer_forms_values l sources x : values (layer_forms l sources) x ~~ affine l (values_of sources x).
Proof.
  unfold layer_forms, affine, values. rewrite map_map, read_values. apply same_map. intros h _. apply value_composed.
Qed.

(** ** Lemma 3 *)
Section Lemma_3.
Variables (rows : list form) (usable equation : nat -> bool) (x : list Q).
Hypothesis inequalities : forall i c, nth_error rows i = Some c -> usable i = true -> equation i = false -> 0 <= value c x.
Hypothesis equations : forall i c, nth_error rows i = Some c -> usable i = true -> equation i = true -> value c x == 0.

Lemma reason_sound r : forall least h l, constant_left rows usable equation least r h = Some l -> l <= value h x.
Proof.
  induction r as [|[i q] r IH]; simpl; intros least h l E.
  - destruct (is_constant h) eqn:C; [|discriminate]. injection E as <-. rewrite (value_constant h x C). lra.
  - destruct (nth_error rows i) as [c|] eqn:N; [|discriminate].
    destruct (Nat.leb least i && usable i && _)%bool eqn:G; [|discriminate].
    apply andb_true_iff in G as [G S]. apply andb_true_iff in G as [_ U].
    apply IH in E. rewrite value_add_multiple in E.
    destruct (equation i) eqn:Q.
    + pose proof (equations i c N U Q) as Z. assert (q * value c x == 0) by (rewrite Z; lra). lra.
    + rewrite orb_false_r in S. apply above_zero_iff in S. pose proof (inequalities i c N U Q).
      assert (0 <= q * value c x) by (apply Qmult_le_0_compat; lra). lra.
Qed.

(** A positive constraint in the reason makes the form positive. *)
Lemma reason_strict r : forall least h l i q c, constant_left rows usable equation least r h = Some l ->
  In (i, q) r -> nth_error rows i = Some c -> equation i = false -> 0 < value c x -> l < value h x.
Proof.
  induction r as [|[j p] r IH]; simpl; intros least h l i q c E I N F P; [easy|].
  destruct (nth_error rows j) as [d|] eqn:M; [|discriminate].
  destruct (Nat.leb least j && usable j && _)%bool eqn:G; [|discriminate].
  apply andb_true_iff in G as [G S]. apply andb_true_iff in G as [_ U].
  destruct I as [I|I].
  - injection I as -> ->. rewrite N in M. injection M as <-. apply reason_sound in E. rewrite value_add_multiple in E.
    rewrite F, orb_false_r in S. apply above_zero_iff in S.
    assert (0 < q * value c x) by (apply Qmult_lt_0_compat; lra). lra.
  - apply (IH _ _ _ i q c) in E; auto. rewrite value_add_multiple in E.
    destruct (equation j) eqn:Q.
    + pose proof (equations j d M U Q) as Z. assert (p * value d x == 0) by (rewrite Z; lra). lra.
    + rewrite orb_false_r in S. apply above_zero_iff in S. pose proof (inequalities j d M U Q).
      assert (0 <= p * value d x) by (apply Qmult_le_0_compat; lra). lra.
Qed.
End Lemma_3.

Definition closed (rows : list form) (x : list Q) : Prop := forall c, In c rows -> 0 <= value c x.

Lemma proves_sound rows h r x : proves rows h r = true -> closed rows x -> 0 <= value h x.
Proof.
  unfold proves. destruct (constant_left _ _ _ _ _ _) as [l|] eqn:E; [|discriminate]. intros L C. apply le_bool in L.
  apply reason_sound with (x := x) in E; [lra | |]; intros i c N U Q; [|discriminate].
  apply C. eapply nth_error_In; eauto.
Qed.
