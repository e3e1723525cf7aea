(** The checker is right: what it accepts is a three-layer network that equals the deep one. *)
From Coq Require Import List Bool QArith PeanoNat NArith ZArith Lia Lqa Setoid Morphisms.
From Verishallow Require Import Lists OrderedRing Network Forms Construction Entries Shallow Rationals Certificate Reasons FaceSets.
Import ListNotations.
Open Scope Q_scope.

(** ** Violation units as forms *)
Definition plane_number (p : positive) : nat := pred (Pos.to_nat p).
Definition unit_form (scope : list form) (z : Z) : form :=
  match z with
  | Z0 => zero_form
  | Zpos p => nth (plane_number p) scope zero_form
  | Zneg p => opposite (nth (plane_number p) scope zero_form)
  end.
Lemma value_unit_opp scope z x : value (unit_form scope (- z)) x == - value (unit_form scope z) x.
Proof.
  destruct z as [|p|p]; simpl; over_q; try rewrite (value_opposite _ x); over_q; try lra.
  pose proof (value_zero x). over_q. lra.
Qed.
Lemma unit_form_app scope more z : (Z.abs_nat z <= length scope)%nat -> unit_form (scope ++ more) z = unit_form scope z.
Proof.
  destruct z as [|p|p]; simpl; intros L; try reflexivity; pose proof (Pos2Nat.is_pos p); unfold plane_number;
    now rewrite app_nth1 by lia.
Qed.

(** ** What the neurons of the current layer are worth, and what the deep network makes of it *)
Definition neuron_value (x : list Q) (v : Certificate.neuron) : Q :=
  match snd v with Active => value (fst v) x | Inactive => 0 | Undecided _ => relu (value (fst v) x) end.
Definition current_values (ns : list Certificate.neuron) (x : list Q) : list Q := map (neuron_value x) ns.
Definition target (top : layer) (above : list layer) (st : state) (x : list Q) : list Q :=
  affine top (run_hidden above (values_of (lower st) x ++ [current_values (current st) x])).

Lemma target_same top above lower' ns ns' x : current_values ns x ~~ current_values ns' x ->
  affine top (run_hidden above (values_of lower' x ++ [current_values ns x]))
  ~~ affine top (run_hidden above (values_of lower' x ++ [current_values ns' x])).
Proof.
  intros H. apply affine_same, run_hidden_same, Forall2_app; [|now constructor].
  induction (values_of lower' x); constructor; auto. apply same_refl.
Qed.

Lemma replace_same x i h d ns old : nth_error ns i = Some old -> neuron_value x (h, d) == neuron_value x old ->
  current_values (replace i (h, d) ns) x ~~ current_values ns x.
Proof.
  revert i. induction ns as [|a ns IH]; intros [|i] N E; simpl in *; try discriminate.
  - injection N as ->. constructor; [exact E | apply same_refl].
  - constructor; [reflexivity | now apply IH].
Qed.
Lemma relu_of_nonnegative a : 0 <= a -> relu a == a.
Proof. intros H. rewrite relu_active; [reflexivity|]. now apply le_bool. Qed.
Lemma relu_of_nonpositive a : a <= 0 -> relu a == 0.
Proof. intros H. apply relu_inactive. now apply le_bool. Qed.

Lemma decide_sound rows d x : closed rows x -> d = Active \/ d = Inactive ->
  forall named ns ns', decide rows d named ns = Some ns' -> current_values ns' x ~~ current_values ns x.
Proof.
  intros C D. induction named as [|[i r] named IH]; intros ns ns' E; simpl in E.
  - injection E as <-. apply same_refl.
  - destruct (nth_error ns i) as [[h [k| |]]|] eqn:N; try discriminate.
    destruct (proves rows _ r) eqn:P; [|discriminate].
    eapply same_trans; [eapply IH, E|]. apply (replace_same _ _ _ _ _ _ N). unfold neuron_value; simpl.
    apply (proves_sound _ _ _ x) in P; [|exact C].
    destruct D as [->| ->]; symmetry; [now apply relu_of_nonnegative|].
    rewrite value_negated in P. apply relu_of_nonpositive. lra.
Qed.
Lemma decide_both_sound rows x active inactive ns ns' : closed rows x ->
  decide_both rows active inactive ns = Some ns' -> current_values ns' x ~~ current_values ns x.
Proof.
  unfold decide_both. intros C E. destruct (_ && _)%bool; [|discriminate].
  destruct (decide rows Active active ns) as [ms|] eqn:A; [|discriminate].
  apply same_trans with (current_values ms x).
  - now apply (decide_sound rows Inactive x C (or_intror eq_refl) inactive).
  - now apply (decide_sound rows Active x C (or_introl eq_refl) active).
Qed.

(** ** Invariants of the state *)
Record invariant (domain : list form) (st : state) : Prop := {
  same_number : length (violations st) = length (rows st);
  domain_is_there : forall c, In c domain -> In c (rows st);
  off_path : forall i c, nth_error (rows st) i = Some c -> on_path i st = false -> In c domain;
  unit_in_scope : forall i, on_path i st = true -> (Z.abs_nat (violation st i) <= length (scope st))%nat;
  unit_is_violation : forall i c x, nth_error (rows st) i = Some c -> on_path i st = true ->
    value (unit_form (scope st) (violation st i)) x == - value c x;
  kept_on_path : forall i, In i (kept st) -> on_path i st = true;
  strict_on_path : forall i, In i (strict_rows st) -> on_path i st = true;
  kept_enough : forall x, closed domain x ->
    (forall i c, In i (kept st) -> nth_error (rows st) i = Some c -> 0 <= value c x) -> closed (rows st) x;
  boundary_enough : forall x, closed (rows st) x ->
    (forall i c, In i (boundary st) -> nth_error (rows st) i = Some c -> 0 < value c x) ->
    forall i c, In i (strict_rows st) -> nth_error (rows st) i = Some c -> 0 < value c x;
  boundary_strict : incl (boundary st) (strict_rows st);
  kept_strict : forall i, In i (kept st) -> In i (strict_rows st) -> In i (boundary st);
}.
Arguments same_number {_ _}. Arguments domain_is_there {_ _}. Arguments off_path {_ _}.
Arguments unit_in_scope {_ _}. Arguments unit_is_violation {_ _}. Arguments kept_on_path {_ _}.
Arguments strict_on_path {_ _}. Arguments kept_enough {_ _}. Arguments boundary_enough {_ _}.
Arguments boundary_strict {_ _}. Arguments kept_strict {_ _}.

Lemma on_path_in_range domain st i : invariant domain st -> on_path i st = true -> exists c, nth_error (rows st) i = Some c.
Proof.
  intros I P. destruct (nth_error (rows st) i) as [c|] eqn:N; [eauto|]. exfalso.
  apply nth_error_None in N. unfold on_path in P. rewrite nth_overflow in P by (rewrite (same_number I); exact N).
  discriminate.
Qed.

Lemma start_invariant inputs domain : invariant domain (start inputs domain).
Proof.
  assert (P : forall i, on_path i (start inputs domain) = false).
  { intros i. unfold on_path, start; simpl. apply negb_false_iff, Z.eqb_eq. revert i.
    induction domain as [|c d IH]; intros [|i]; simpl; auto. }
  constructor; simpl; try easy; auto.
  - now rewrite map_length.
  - intros i c N _. eapply nth_error_In; eauto.
  - intros i H. rewrite P in H. discriminate.
  - intros i c x _ H. rewrite P in H. discriminate.
Qed.

(** ** The steps keep them *)
Lemma with_current_invariant domain st ns : invariant domain st -> invariant domain (with_current st ns).
Proof. intros []. constructor; simpl; auto. Qed.

Lemma stabilise_step domain st active inactive st' : stabilise active inactive st = Some st' ->
  invariant domain st -> invariant domain st' /\ rows st' = rows st /\ strict_rows st' = strict_rows st
  /\ scope st' = scope st
  /\ forall top above x, closed (rows st) x -> target top above st' x ~~ target top above st x.
Proof.
  intros E I. assert (F : option_map (with_current st) (decide_both (rows st) active inactive (current st)) = Some st').
  { destruct active, inactive; [discriminate | exact E | exact E | exact E]. }
  clear E. destruct (decide_both _ _ _ _) as [ns|] eqn:D; [|discriminate]. injection F as <-.
  split; [now apply with_current_invariant|]. repeat split. intros top above x C. apply target_same.
  eapply decide_both_sound; eauto.
Qed.

Lemma numbered_neurons_values x forms : forall undecided i,
  current_values (numbered_neurons undecided i forms) x = map relu (values forms x).
Proof.
  induction forms as [|h forms IH]; intros u i; simpl; [reflexivity|].
  destruct u as [|[j k] u]; [|destruct (Nat.eqb i j)]; simpl; f_equal; apply IH.
Qed.
Lemma outputs_values ns x : forallb is_decided ns = true -> values (map output_form ns) x ~~ current_values ns x.
Proof.
  induction ns as [|[h d] ns IH]; intros D; simpl in *; [constructor|].
  apply andb_true_iff in D as [D E]. constructor; [|auto]. unfold neuron_value, output_form; simpl.
  destruct d; try discriminate; [reflexivity | apply value_zero].
Qed.

Lemma enter_step domain n l number active inactive planes undecided st st' :
  enter n l number active inactive planes undecided st = Some st' ->
  invariant domain st -> invariant domain st' /\ rows st' = rows st /\ strict_rows st' = strict_rows st
  /\ scope st' = scope st ++ map form_of_row planes
  /\ forall top above x, closed (rows st) x -> target top above st' x ~~ target top (l :: above) st x.
Proof.
  unfold enter. destruct (first_occurrences _ _ _) as [found numbers].
  destruct (_ && all_decided st && _ && _)%bool eqn:G; [|discriminate].
  rewrite !andb_true_iff in G. destruct G as [[[_ A] _] _].
  destruct (decide_both _ _ _ _) as [ns|] eqn:D; [|discriminate].
  destruct (all2 Nat.eqb (undecided_numbers ns) undecided); [|discriminate]. intros E I. injection E as <-.
  split; [|repeat split].
  - destruct I as [a b c d e f g h i j k]. constructor; simpl; auto.
    + intros m P. rewrite app_length. specialize (d m P). unfold violation in *. simpl. lia.
    + intros m q x N P. rewrite unit_form_app by (apply d; exact P). now apply e.
  - intros top above x C. unfold target; cbn [lower current run_hidden]. apply affine_same, run_hidden_same.
    unfold outputs_below, values_of. rewrite map_app. simpl.
    assert (O : values (map output_form (current st)) x ~~ current_values (current st) x) by now apply outputs_values.
    apply Forall2_app; [apply Forall2_app; [|constructor; [exact O|constructor]]|constructor; [|constructor]].
    + induction (lower st); simpl; constructor; auto. apply same_refl.
    + eapply same_trans; [eapply decide_both_sound; [exact C | exact D]|]. rewrite numbered_neurons_values.
      apply relu_same. eapply same_trans; [apply layer_forms_values|]. apply affine_same.
      unfold outputs_below, values_of. rewrite map_app. simpl.
      apply Forall2_app; [|constructor; [exact O|constructor]].
      induction (lower st); simpl; constructor; auto. apply same_refl.
Qed.

Lemma drop_step domain st constraints st' : drop constraints st = Some st' ->
  invariant domain st -> invariant domain st' /\ rows st' = rows st /\ strict_rows st' = strict_rows st
  /\ scope st' = scope st /\ lower st' = lower st /\ current st' = current st.
Proof.
  intros E. assert (F : drop_all constraints st = Some st') by (now destruct constraints). revert F. clear E.
  unfold drop_all. cbv zeta. set (dropped := map fst constraints). set (left := left_after constraints st).
  set (usable := usable_after constraints st). set (fine := may_drop constraints st).
  set (is_positive := turns_positive constraints st).
  destruct (increasing dropped && forallb fine constraints)%bool eqn:G; [|discriminate].
  apply andb_true_iff in G as [_ G]. rewrite forallb_forall in G.
  intros E I. injection E as <-. split; [|repeat split].
  assert (INL : forall i, In i left -> In i (kept st)) by (intros i H; now apply filter_In in H as [H _]).
  (* Where the domain's rows and those that remain are non-negative, so is each dropped one. *)
  assert (USE : forall x, closed domain x -> (forall i c, In i left -> nth_error (rows st) i = Some c -> 0 <= value c x) ->
    forall i c, nth_error (rows st) i = Some c -> usable i = true -> 0 <= value c x).
  { intros x D K i c N U. unfold usable, usable_after in U. apply orb_true_iff in U as [U|U].
    - apply negb_true_iff in U. apply D. eapply (off_path I); eauto.
    - apply member_true in U. eauto. }
  assert (DROPPED : forall x, closed domain x ->
    (forall i c, In i left -> nth_error (rows st) i = Some c -> 0 <= value c x) ->
    forall i r c, In (i, r) constraints -> nth_error (rows st) i = Some c -> 0 <= value c x).
  { intros x D K i r c H N. specialize (G (i, r) H). unfold fine, may_drop, drop_constant in G; simpl in G. rewrite N in G.
    apply andb_true_iff in G as [_ G]. destruct (constant_left _ _ _ _ _ _) as [l|] eqn:L; [|discriminate].
    apply le_bool in G. apply reason_sound with (x := x) in L; [lra| |].
    - intros j d M U _. eapply USE; eauto.
    - intros j d M U F. discriminate. }
  constructor; simpl.
  - exact (same_number I).
  - exact (domain_is_there I).
  - exact (off_path I).
  - exact (unit_in_scope I).
  - exact (unit_is_violation I).
  - intros i H. apply (kept_on_path I). auto.
  - exact (strict_on_path I).
  - intros x D K. apply (kept_enough I); [exact D|]. intros i c H N.
    destruct (member i dropped) eqn:M.
    + apply member_true in M. unfold dropped in M. apply in_map_iff in M as ((j & r) & F & M). simpl in F. subst j.
      eapply DROPPED; eauto.
    + apply (K i c); [|exact N]. unfold left, left_after. fold dropped. apply filter_In. split; [exact H | now rewrite M].
  - intros x C B. apply (boundary_enough I); [exact C|]. intros i c H N.
    destruct (member i (map fst (filter is_positive constraints))) eqn:M.
    + apply member_true in M. apply in_map_iff in M as ((j & r) & F & M). simpl in F. subst j.
      apply filter_In in M as [M P]. pose proof (G (i, r) M) as Q. unfold fine, may_drop, is_positive, turns_positive, drop_constant in P, Q.
      simpl in P, Q. rewrite N in P, Q. fold usable in P, Q. apply andb_true_iff in Q as [_ Q].
      destruct (constant_left (rows st) usable nothing 0 r c) as [l|] eqn:L; [|discriminate]. apply le_bool in Q.
      assert (U : forall j d, nth_error (rows st) j = Some d -> usable j = true -> nothing j = false -> 0 <= value d x).
      { intros j d Nj _ _. apply C. eapply nth_error_In; eauto. }
      apply orb_true_iff in P as [P|P].
      * apply above_zero_iff in P. apply reason_sound with (x := x) in L; [lra | exact U | intros j d _ _ F; discriminate].
      * apply existsb_exists in P as ((j & q) & J & S). simpl in S. apply member_true in S.
        (* The strict row that occurs is kept, hence in the boundary, and stays there. *)
        destruct (nth_error (rows st) j) as [d|] eqn:Nj.
        2: { exfalso. pose proof (strict_on_path I j S) as P. destruct (on_path_in_range _ _ _ I P). congruence. }
        assert (O : usable j = true).
        { clear - L J. revert L J. generalize 0%nat, c. induction r as [|[k p] r IH]; intros least h L J; [easy|].
          simpl in L. destruct (nth_error (rows st) k); [|discriminate].
          destruct (Nat.leb least k && usable k && _)%bool eqn:F; [|discriminate].
          destruct J as [J|J]; [injection J as -> ->; now rewrite !andb_true_iff in F | eauto]. }
        assert (K : In j left).
        { unfold usable, usable_after in O. rewrite (strict_on_path I j S) in O. simpl in O. now apply member_true. }
        assert (V : 0 < value d x).
        { apply (B j d); [|exact Nj]. apply filter_In. split; [apply (kept_strict I); auto|].
          apply negb_true_iff. destruct (member j (map fst (filter is_positive constraints))) eqn:F; [|reflexivity].
          apply member_true in F. apply in_map_iff in F as (p & F & F'). apply filter_In in F' as [F' _].
          unfold left, left_after in K. fold dropped in K. apply filter_In in K as [_ K]. apply negb_true_iff in K.
          assert (W : member j dropped = true); [|congruence]. apply member_true. unfold dropped. rewrite <- F. now apply in_map. }
        eapply reason_strict with (x := x) in L; eauto; [lra | intros k e _ _ F; discriminate].
    + apply (B i c); [|exact N]. apply filter_In. split; [exact H | now rewrite M].
  - intros i H. apply filter_In in H as [H _]. now apply (boundary_strict I).
  - intros i H S. apply filter_In. split; [apply (kept_strict I); auto|]. apply negb_true_iff.
    destruct (member i (map fst (filter is_positive constraints))) eqn:F; [|reflexivity].
    apply member_true in F. apply in_map_iff in F as (p & F & F'). apply filter_In in F' as [F' _].
    unfold left, left_after in H. fold dropped in H. apply filter_In in H as [_ K]. apply negb_true_iff in K.
    assert (W : member i dropped = true); [|congruence]. apply member_true. unfold dropped. rewrite <- F. now apply in_map.
Qed.
