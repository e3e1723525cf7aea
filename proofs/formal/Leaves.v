(** Leaves: what their units add up to; and the whole walk. *)
From Coq Require Import List Bool QArith PeanoNat NArith ZArith Lia Lqa Setoid Morphisms.
From Verishallow Require Import OrderedRing Network Forms Construction Entries Shallow Rationals Certificate Reasons FaceSets
  Soundness Walk.
Import ListNotations.
Open Scope Q_scope.

Definition row_of (st : state) (i : nat) : form := nth i (rows st) zero_form.
Definition closed_at (st : state) (x : list Q) : bool := forallb (fun c => Qle_bool 0 (value c x)) (rows st).
Definition half_open (x : list Q) (st : state) : bool :=
  closed_at st x && forallb (fun i => above_zero (value (row_of st i) x)) (strict_rows st).
Definition vanishes (st : state) (x : list Q) (i : nat) : bool := Qeq_bool (value (row_of st i) x) 0.

Lemma closed_at_iff st x : closed_at st x = true <-> closed (rows st) x.
Proof.
  unfold closed_at, closed. rewrite forallb_forall. split; intros H c C; apply le_bool; auto.
Qed.
Lemma row_of_path domain st i : invariant domain st -> on_path i st = true -> nth_error (rows st) i = Some (row_of st i).
Proof.
  intros I P. destruct (on_path_in_range _ _ _ I P) as (c & C). unfold row_of. now rewrite (nth_error_nth _ _ _ C).
Qed.
Lemma closed_row domain st i x : invariant domain st -> on_path i st = true -> closed (rows st) x -> 0 <= value (row_of st i) x.
Proof. intros I P C. apply C. eapply nth_error_In, row_of_path; eauto. Qed.

(** ** Stated units *)
Definition stated_weight (u : stated_unit) : Q := if negative u then - (1) else 1.
Definition loose_unit (scope : list form) (map_rows : list (list Q)) (u : stated_unit) : loose_entry :=
  Loose (Face (map (unit_form scope) (minus_infinities u)) (stated_weight u)) (map form_of_row map_rows).

Lemma contains_iff l z : contains l z = true <-> In z l.
Proof.
  unfold contains. rewrite existsb_exists. split.
  - intros (y & I & E). apply Z.eqb_eq in E. now subst.
  - intros I. exists z. split; [exact I | apply Z.eqb_refl].
Qed.

Lemma unit_clear domain st u x maps : invariant domain st -> unit_fits st u = true -> incl (on_face u) (boundary st) ->
  closed domain x ->
  clear x (loose_face (loose_unit (scope st) maps u)) = (closed_at st x && forallb (vanishes st x) (on_face u))%bool.
Proof.
  intros I F B D. unfold unit_fits in F. rewrite !andb_true_iff in F. destruct F as [[[_ F] G] _].
  rewrite !forallb_forall in *.
  assert (PB : forall j, In j (on_face u) -> on_path j st = true).
  { intros j J. apply (strict_on_path I), (boundary_strict I), B, J. }
  assert (UNIT : forall i, on_path i st = true ->
    value (unit_form (scope st) (violation st i)) x == - value (row_of st i) x).
  { intros i P. apply (unit_is_violation I); [eapply row_of_path; eauto | exact P]. }
  apply eq_true_iff_eq. unfold clear; simpl. rewrite andb_true_iff, closed_at_iff, !forallb_forall. split.
  - intros H. assert (H' : forall z, In z (closing st (on_face u)) -> value (unit_form (scope st) z) x <= 0).
    { intros z Z. apply G, contains_iff in Z. apply le_bool, H. now apply in_map. }
    split.
    + apply (kept_enough I); [exact D|]. intros i c K N. assert (P := kept_on_path I i K).
      specialize (H' (violation st i) ltac:(apply in_or_app; left; now apply in_map)).
      pose proof (UNIT i P) as E. rewrite (row_of_path _ _ _ I P) in N. injection N as <-. arithmetic.
    + intros j J. unfold vanishes. apply Qeq_bool_iff. pose proof (UNIT j (PB j J)) as E.
      pose proof (value_unit_opp (scope st) (violation st j) x) as O.
      assert (Z : forall z, z = violation st j \/ z = (- violation st j)%Z -> value (unit_form (scope st) z) x <= 0).
      { intros z Z. apply H', in_or_app. right. apply in_flat_map. exists j. split; [exact J|].
        destruct Z as [->| ->]; simpl; auto. }
      pose proof (Z _ (or_introl eq_refl)). pose proof (Z _ (or_intror eq_refl)). arithmetic.
  - intros [C V] h H. apply in_map_iff in H as (z & <- & Z). apply le_bool. apply F, contains_iff in Z.
    apply in_app_or in Z as [Z|Z].
    + apply in_map_iff in Z as (i & <- & K). pose proof (kept_on_path I i K) as P.
      pose proof (UNIT i P). pose proof (closed_row _ _ _ x I P C). arithmetic.
    + apply in_flat_map in Z as (j & J & Z). pose proof (V j J) as E. unfold vanishes in E. apply Qeq_bool_iff in E.
      pose proof (UNIT j (PB j J)). destruct Z as [<-|[<-|[]]]; [arithmetic|]. rewrite value_unit_opp. arithmetic.
Qed.

Lemma absent_is_empty domain st a x : invariant domain st -> closed (rows st) x -> incl (fst a) (boundary st) ->
  fst a <> [] -> absent_reason st a = true -> forallb (vanishes st x) (fst a) = false.
Proof.
  intros I C B N R. unfold absent_reason in R. set (j := List.last (fst a) O) in R.
  set (others := removelast (fst a)) in R. assert (S : fst a = others ++ [j]) by now apply app_removelast_last.
  destruct (nth_error (rows st) j) as [c|] eqn:Nj; [|discriminate].
  destruct (constant_left _ _ _ _ _ _) as [l|] eqn:L; [|discriminate]. apply above_zero_iff in R.
  destruct (forallb (vanishes st x) (fst a)) eqn:V; [|reflexivity]. exfalso. rewrite forallb_forall in V.
  assert (Zj : value c x == 0).
  { specialize (V j ltac:(rewrite S; apply in_or_app; right; now left)). unfold vanishes, row_of in V.
    rewrite (nth_error_nth _ _ _ Nj) in V. now apply Qeq_bool_iff. }
  apply reason_sound with (x := x) in L; [arithmetic| |].
  - intros i d M _ _. apply C. eapply nth_error_In; eauto.
  - intros i d M _ E. apply member_true in E.
    specialize (V i ltac:(rewrite S; apply in_or_app; now left)). unfold vanishes, row_of in V.
    rewrite (nth_error_nth _ _ _ M) in V. now apply Qeq_bool_iff.
Qed.

Lemma half_open_by_boundary domain st x : invariant domain st -> closed_at st x = true ->
  half_open x st = negb (existsb (vanishes st x) (boundary st)).
Proof.
  intros I C. unfold half_open. rewrite C. simpl. apply eq_true_iff_eq. rewrite negb_true_iff, forallb_forall.
  pose proof (proj1 (closed_at_iff st x) C) as C'. split.
  - intros H. destruct (existsb _ _) eqn:E; [|reflexivity]. apply existsb_exists in E as (j & J & V).
    specialize (H j (boundary_strict I j J)). apply above_zero_iff in H. apply Qeq_bool_iff in V. arithmetic.
  - intros H i S. apply above_zero_iff. apply (boundary_enough I x C') with (i := i); [|exact S|].
    + intros j c J N. pose proof (strict_on_path I j (boundary_strict I j J)) as P.
      rewrite (row_of_path _ _ _ I P) in N. injection N as <-. pose proof (closed_row _ _ _ x I P C') as K.
      destruct (Qlt_le_dec 0 (value (row_of st j) x)) as [L|L]; [exact L|]. exfalso.
      assert (E : existsb (vanishes st x) (boundary st) = true); [|congruence]. apply existsb_exists. exists j.
      split; [exact J|]. apply Qeq_bool_iff. arithmetic.
    + eapply row_of_path; eauto. now apply (strict_on_path I).
Qed.

Lemma nth_value o forms x : value (nth o forms zero_form) x == nth o (values forms x) 0.
Proof.
  revert o. induction forms as [|h forms IH]; intros [|o]; simpl; try apply value_zero; [reflexivity | apply IH].
Qed.
Lemma all2_forms a : forall b x, all2 same_form a b = true -> values a x ~~ values b x.
Proof.
  induction a as [|g a IH]; intros [|h b] x E; simpl in *; try discriminate; constructor.
  - apply andb_true_iff in E as [E _]. now apply same_form_value.
  - apply andb_true_iff in E as [_ E]. now apply IH.
Qed.

Definition one_if (b : bool) : Q := if b then 1 else 0.

Lemma faces_are_subsets b faces absent : faces_fit b faces absent = true ->
  (forall t, In t faces -> incl t b) /\ (forall t, In t absent -> incl t b /\ t <> []).
Proof.
  unfold faces_fit. rewrite !andb_true_iff, !forallb_forall. intros [[[_ F] A] _]. split; intros t T.
  - specialize (F t T). unfold is_face in F. rewrite !andb_true_iff, forallb_forall in F.
    intros j J. now apply member_true, F.
  - specialize (A t T). unfold is_face in A. rewrite !andb_true_iff, forallb_forall in A. split.
    + intros j J. now apply member_true, A.
    + intros ->. destruct A as [_ A]. discriminate.
Qed.

(** The signed faces of a leaf give a value where its half-open cell contains x, and nothing elsewhere. *)
Lemma signed_sum domain st absent units x value : invariant domain st ->
  increasing (boundary st) = true -> faces_fit (boundary st) (map on_face units) (map fst absent) = true ->
  forallb (absent_reason st) absent = true -> forallb (unit_fits st) units = true ->
  sum (fun u => if closed_at st x && forallb (vanishes st x) (on_face u) then stated_weight u * value else 0) units
  == one_if (half_open x st) * value.
Proof.
  intros I S F R U. destruct (faces_are_subsets _ _ _ F) as [FS AS]. rewrite forallb_forall in R, U.
  assert (T : sum (fun u => if closed_at st x && forallb (vanishes st x) (on_face u) then stated_weight u * value else 0) units
    == sum (fun t => if closed_at st x && forallb (vanishes st x) t then face_weight t * value else 0) (map on_face units)).
  { rewrite sum_map. apply sum_same. intros u K. specialize (U u K). unfold unit_fits in U. rewrite !andb_true_iff in U.
    destruct U as [_ U]. apply Bool.eqb_prop in U. unfold stated_weight, face_weight. rewrite U.
    destruct (closed_at st x && _)%bool; reflexivity. }
  rewrite T. destruct (closed_at st x) eqn:C.
  - rewrite (half_open_by_boundary domain) by auto. simpl.
    assert (ABS : forall t, In t (map fst absent) -> forallb (vanishes st x) t = false).
    { intros t K. apply in_map_iff in K as (a & <- & K). destruct (AS (fst a) ltac:(now apply in_map)) as [H1 H2].
      apply (absent_is_empty domain); auto. now apply closed_at_iff. }
    pose proof (signed_faces _ _ _ (vanishes st x) S F ABS) as Z.
    pose proof (sum_scaled value (fun t => if forallb (vanishes st x) t then face_weight t else 0) (map on_face units)) as Y.
    over_q. rewrite Z in *.
    rewrite (sum_same _ (fun t => value * (if forallb (vanishes st x) t then face_weight t else 0))).
    + over_q. rewrite Y. destruct (existsb _ _); unfold one_if; simpl; arithmetic.
    + intros t _. over_q. destruct (forallb (vanishes st x) t); arithmetic.
  - unfold half_open. rewrite C. simpl. pose proof (sum_zero (fun _ : list nat => 0) (map on_face units)) as Z.
    over_q. rewrite Z by reflexivity. arithmetic.
Qed.

Lemma leaf_sound domain n top st absent map_rows units w x o : invariant domain st -> closed domain x ->
  leaf_fits n top st absent map_rows units w = true ->
  sum (loose_contribution x o) (map (loose_unit (scope st) map_rows) units)
  == one_if (half_open x st) * nth o (target top [] st x) 0.
Proof.
  intros I D E. unfold leaf_fits in E. rewrite !andb_true_iff in E.
  destruct E as [[[[[[A _] M] S] F] R] U]. destruct (faces_are_subsets _ _ _ F) as [FS _].
  assert (V : value (nth o (map form_of_row map_rows) zero_form) x == nth o (target top [] st x) 0).
  { rewrite nth_value. apply nth_same. unfold map_fits in M. apply andb_true_iff in M as [_ M].
    eapply same_trans; [apply all2_forms, M|]. eapply same_trans; [apply layer_forms_values|].
    apply affine_same. unfold outputs_below, values_of. rewrite map_app. apply Forall2_app.
    - simpl. induction (lower st); simpl; constructor; auto. apply same_refl.
    - constructor; [now apply outputs_values | constructor]. }
  over_q. rewrite <- V, <- (signed_sum domain st absent units x _ I S F R U), sum_map.
  rewrite forallb_forall in U. apply sum_same. intros u K. unfold loose_contribution.
  rewrite (unit_clear domain) by (auto; apply FS; now apply in_map). reflexivity.
Qed.

(** ** The tree *)
Section Tree.
Variables (domain : list form) (n : nat) (c : claim) (top : layer).
Hypothesis stated : c = Exact \/ c = Ignore.

(** The states at the leaves. *)
Fixpoint cells (t : tree) (above : list layer) (st : state) : list state :=
  match t with
  | EnterLayer number active inactive planes undecided below =>
      match above with
      | l :: higher => match enter n l number active inactive planes undecided st with
                       | Some st' => cells below higher st' | None => [] end
      | [] => []
      end
  | Stable active inactive below =>
      match stabilise active inactive st with Some st' => cells below above st' | None => [] end
  | Redundant constraints below => match drop constraints st with Some st' => cells below above st' | None => [] end
  | Split neuron strict_side plus minus =>
      match child neuron strict_side true st, child neuron strict_side false st with
      | Some p, Some m => cells plus above p ++ cells minus above m
      | _, _ => []
      end
  | Leaf _ _ _ _ => [st]
  | Open => []
  end.
Fixpoint loose_units (t : tree) (scope : list form) : list loose_entry :=
  match t with
  | EnterLayer _ _ _ planes _ below => loose_units below (scope ++ map form_of_row planes)
  | Stable _ _ below | Redundant _ below => loose_units below scope
  | Split _ _ plus minus => loose_units plus scope ++ loose_units minus scope
  | Leaf _ map_rows units _ => map (loose_unit scope map_rows) units
  | Open => []
  end.
(** How many half-open cells contain x. *)
Definition count (x : list Q) (l : list state) : Q := sum (fun st => one_if (half_open x st)) l.

Lemma half_open_same st st' x : rows st' = rows st -> strict_rows st' = strict_rows st -> half_open x st' = half_open x st.
Proof. unfold half_open, closed_at, row_of. now intros -> ->. Qed.

Lemma count_app x a b : count x (a ++ b) == count x a + count x b.
Proof. unfold count. rewrite sum_app. reflexivity. Qed.

(** Cells lie within the closed cell of their node. *)
Lemma count_outside t : forall above st x, invariant domain st -> closed_at st x = false -> count x (cells t above st) == 0.
Proof.
  induction t as [number active inactive planes undecided below IH|active inactive below IH|constraints below IH
                 |neuron strict_side plus IHp minus IHm|absent map_rows units w|]; intros above st x I C; simpl.
  - destruct above as [|l higher]; [reflexivity|].
    destruct (enter _ _ _ _ _ _ _ _) as [st'|] eqn:E; [|reflexivity].
    destruct (enter_step domain _ _ _ _ _ _ _ _ _ E I) as (I' & R & _). apply IH; auto. unfold closed_at. now rewrite R.
  - destruct (stabilise _ _ _) as [st'|] eqn:E; [|reflexivity].
    destruct (stabilise_step domain _ _ _ _ E I) as (I' & R & _). apply IH; auto. unfold closed_at. now rewrite R.
  - destruct (drop _ _) as [st'|] eqn:E; [|reflexivity].
    destruct (drop_step domain _ _ _ E I) as (I' & R & _). apply IH; auto. unfold closed_at. now rewrite R.
  - destruct (child _ _ true _) as [p|] eqn:P; [|reflexivity]. destruct (child _ _ false _) as [m|] eqn:M; [|reflexivity].
    destruct (child_step domain _ _ _ _ _ P I) as [Ip _ (_ & _ & cp & _ & Rp & _)].
    destruct (child_step domain _ _ _ _ _ M I) as [Im _ (_ & _ & cm & _ & Rm & _)].
    rewrite count_app, IHp, IHm; auto; try reflexivity;
      unfold closed_at in *; rewrite ?Rp, ?Rm, forallb_app, C; reflexivity.
  - unfold count; simpl. unfold half_open. rewrite C. simpl. arithmetic.
  - reflexivity.
Qed.

(** A cell below a child lies on the child's side, where the network is what it is above. *)
Lemma child_target t above neuron strict_side side st st' x o : child neuron strict_side side st = Some st' ->
  invariant domain st ->
  count x (cells t above st') == 0 \/ nth o (target top above st' x) 0 == nth o (target top above st x) 0.
Proof.
  intros E I. destruct (child_step domain _ _ _ _ _ E I) as [I' _ (h & k & row & _ & R & _ & V & _ & T)].
  destruct (closed_at st' x) eqn:C; [right | left; now apply count_outside].
  apply nth_same, T, V, (proj1 (closed_at_iff _ _) C). rewrite R. apply in_or_app. right. now left.
Qed.

Theorem walk_sound t : forall above st tally, walk n c false top t above st = Some tally -> invariant domain st ->
  forall x o, closed domain x ->
  sum (loose_contribution x o) (loose_units t (scope st)) == count x (cells t above st) * nth o (target top above st x) 0.
Proof.
  induction t as [number active inactive planes undecided below IH|active inactive below IH|constraints below IH
                 |neuron strict_side plus IHp minus IHm|absent map_rows units w|]; intros above st tally W I x o D; simpl in *.
  - destruct above as [|l higher]; [discriminate|].
    destruct (enter _ _ _ _ _ _ _ _) as [st'|] eqn:E; [|discriminate].
    destruct (enter_step domain _ _ _ _ _ _ _ _ _ E I) as (I' & R & _ & S & T).
    destruct (walk _ _ _ _ below higher st') as [tl|] eqn:W'; [|discriminate].
    rewrite <- S, (IH _ _ _ W' I' x o D). destruct (closed_at st x) eqn:C.
    + rewrite (nth_same o _ _ (T top higher x (proj1 (closed_at_iff _ _) C))). reflexivity.
    + rewrite (count_outside below higher st' x I') by (unfold closed_at; now rewrite R). arithmetic.
  - destruct (stabilise _ _ _) as [st'|] eqn:E; [|discriminate].
    destruct (stabilise_step domain _ _ _ _ E I) as (I' & R & _ & S & T).
    rewrite <- S, (IH _ _ _ W I' x o D). destruct (closed_at st x) eqn:C.
    + rewrite (nth_same o _ _ (T top above x (proj1 (closed_at_iff _ _) C))). reflexivity.
    + rewrite (count_outside below above st' x I') by (unfold closed_at; now rewrite R). arithmetic.
  - destruct (has_units c); [|discriminate]. destruct (drop _ _) as [st'|] eqn:E; [|discriminate].
    destruct (drop_step domain _ _ _ E I) as (I' & R & _ & S & L & N).
    rewrite <- S, (IH _ _ _ W I' x o D). unfold target. now rewrite L, N.
  - destruct (mark_fits c strict_side); [|discriminate].
    destruct (child _ _ true _) as [p|] eqn:P; [|discriminate]. destruct (child _ _ false _) as [m|] eqn:M; [|discriminate].
    destruct (child_step domain _ _ _ _ _ P I) as [Ip Sp _].
    destruct (child_step domain _ _ _ _ _ M I) as [Im Sm _].
    destruct (walk _ _ _ _ plus above p) as [a|] eqn:Wp; [|discriminate].
    destruct (walk _ _ _ _ minus above m) as [b|] eqn:Wm; [|discriminate].
    rewrite sum_app. rewrite <- Sp at 1. rewrite <- Sm at 1. rewrite (IHp _ _ _ Wp Ip x o D), (IHm _ _ _ Wm Im x o D), count_app.
    destruct (child_target plus above _ _ _ _ _ x o P I) as [Hp|Hp], (child_target minus above _ _ _ _ _ x o M I) as [Hm|Hm];
      over_q; rewrite Hp, Hm; arithmetic.
  - destruct (leaf_accepted _ _ _ _ _ _ _ _ _) eqn:F; [|discriminate]. unfold leaf_accepted in F.
    destruct above as [|l higher]; [|destruct stated as [-> | ->]; discriminate].
    assert (G : leaf_fits n top st absent map_rows units w = true) by (now destruct stated as [-> | ->]).
    rewrite (leaf_sound domain n top) with (w := w) (absent := absent) by auto. unfold count; simpl. arithmetic.
  - discriminate.
Qed.
End Tree.
