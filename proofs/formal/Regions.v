(** How many activation regions there are (Theorems 2 and 4): the leaves are cells with interior points that cover the
    domain, on each of which every neuron keeps its sign, and of any two some neuron is positive inside the one and negative
    inside the other. *)
From Coq Require Import List Bool QArith PeanoNat NArith ZArith Lia Lqa Setoid Morphisms.
From Verishallow Require Import Lists OrderedRing Network Forms Construction Entries Shallow Rationals Certificate Reasons FaceSets
  Soundness Walk Leaves.
Import ListNotations.
Open Scope Q_scope.

Definition inside_of (rows : list form) (x : list Q) : Prop := forall c, In c rows -> 0 < value c x.
Lemma inside_closed rows x : inside_of rows x -> closed rows x.
Proof. intros H c C. specialize (H c C). lra. Qed.

(** ** Decisions keep the forms, and say their signs *)
Definition signs_hold (x : list Q) (ns : list Certificate.neuron) : Prop := forall i h d, nth_error ns i = Some (h, d) ->
  (d = Active -> 0 <= value h x) /\ (d = Inactive -> value h x <= 0).

Lemma nth_error_replace {A} (l : list A) : forall i a j, nth_error (replace i a l) j =
  if Nat.eqb i j && Nat.ltb i (length l) then Some a else nth_error l j.
Proof.
  induction l as [|b l IH]; intros [|i] a [|j]; simpl; try reflexivity.
  - now rewrite andb_false_r.
  - rewrite IH. reflexivity.
Qed.
Lemma replace_forms i h d k (ns : list Certificate.neuron) : nth_error ns i = Some (h, k) ->
  map fst (replace i (h, d) ns) = map fst ns.
Proof.
  revert i. induction ns as [|a ns IH]; intros [|i] N; simpl in *; try discriminate.
  - now injection N as ->.
  - now rewrite IH.
Qed.
Lemma replace_signs x i h d (ns : list Certificate.neuron) : signs_hold x ns -> (d = Active -> 0 <= value h x) ->
  (d = Inactive -> value h x <= 0) -> signs_hold x (replace i (h, d) ns).
Proof.
  intros S A B j g e N. rewrite nth_error_replace in N. destruct (_ && _)%bool; [injection N as <- <-; auto | eauto].
Qed.

Lemma decide_keeps rows d x : closed rows x -> d = Active \/ d = Inactive -> forall named ns ns',
  decide rows d named ns = Some ns' -> map fst ns' = map fst ns /\ (signs_hold x ns -> signs_hold x ns').
Proof.
  intros C D. induction named as [|[i r] named IH]; intros ns ns' E; simpl in E; [injection E as <-; auto|].
  destruct (nth_error ns i) as [[h [k| |]]|] eqn:N; try discriminate.
  destruct (proves rows _ r) eqn:P; [|discriminate]. apply IH in E as [F S]. apply (proves_sound _ _ _ x) in P; [|exact C].
  split; [rewrite F; now apply (replace_forms i h d (Undecided k))|]. intros H. apply S, replace_signs; [exact H| |];
    intros ->; destruct D as [D|D]; try discriminate; [exact P | rewrite value_negated in P; lra].
Qed.
Lemma decide_both_keeps rows active inactive x ns ns' : closed rows x -> decide_both rows active inactive ns = Some ns' ->
  map fst ns' = map fst ns /\ (signs_hold x ns -> signs_hold x ns').
Proof.
  unfold decide_both. intros C E. destruct (_ && _)%bool; [|discriminate].
  destruct (decide rows Active active ns) as [ms|] eqn:A; [|discriminate].
  apply (decide_keeps rows Active x C (or_introl eq_refl)) in A as [F S].
  apply (decide_keeps rows Inactive x C (or_intror eq_refl)) in E as [G T]. split; [congruence | auto].
Qed.
Lemma numbered_neurons_forms forms : forall undecided i, map fst (numbered_neurons undecided i forms) = forms.
Proof.
  induction forms as [|h forms IH]; intros u i; [reflexivity|]. simpl.
  destruct u as [|[j k] u]; [|destruct (Nat.eqb i j)]; simpl; now rewrite IH.
Qed.
Lemma numbered_neurons_signs x forms : forall undecided i, signs_hold x (numbered_neurons undecided i forms).
Proof.
  induction forms as [|h forms IH]; intros u i j g d N; simpl in N; [now destruct j|].
  destruct u as [|[k p] u]; [|destruct (Nat.eqb i k)]; destruct j as [|j]; simpl in N;
    try (injection N as <- <-; split; discriminate); eapply IH; eauto.
Qed.

Lemma decide_forms rows d : forall named a b, decide rows d named a = Some b -> map fst b = map fst a.
Proof.
  induction named as [|[i r] named IH]; intros a b E; simpl in E; [now injection E as <-|].
  destruct (nth_error a i) as [[h [m| |]]|] eqn:N; try discriminate. destruct (proves _ _ _); [|discriminate].
  apply IH in E. rewrite E. now apply (replace_forms i h d (Undecided m)).
Qed.
Lemma decide_both_forms rows active inactive ns ns' : decide_both rows active inactive ns = Some ns' ->
  map fst ns' = map fst ns.
Proof.
  unfold decide_both. destruct (_ && _)%bool; [|discriminate].
  destruct (decide rows Active active ns) as [ms|] eqn:A; [|discriminate]. intros E.
  now rewrite (decide_forms _ _ _ _ _ E), (decide_forms _ _ _ _ _ A).
Qed.
(** Where all is decided, nothing can be decided further. *)
Lemma decide_nothing rows d named ns ns' : forallb is_decided ns = true -> decide rows d named ns = Some ns' -> ns' = ns.
Proof.
  intros A E. destruct named as [|[i r] named]; simpl in E; [now injection E as <-|].
  destruct (nth_error ns i) as [[h [m| |]]|] eqn:N; try discriminate. rewrite forallb_forall in A.
  specialize (A _ (nth_error_In _ _ N)). discriminate.
Qed.

(** ** The walk follows the pre-activations of the network *)
Section Network.
Variables (f : network) (n : nat) (inputs domain : list form).

(** The sources that layer k + 1 may read, and the pre-activation of neuron i of that hidden layer; k from 0. *)
Definition sources_below (k : nat) (x : list Q) : list (list Q) := run_hidden (firstn k (hidden f)) [values inputs x].
Definition pre_activation (k i : nat) (x : list Q) : Q :=
  match nth_error (hidden f) k with Some l => nth i (affine l (sources_below k x)) 0 | None => 0 end.
Definition keeps_sign (rows : list form) (k i : nat) : Prop :=
  (forall x, closed rows x -> 0 <= pre_activation k i x) \/ (forall x, closed rows x -> pre_activation k i x <= 0).

Lemma run_hidden_app a : forall b s, run_hidden (a ++ b) s = run_hidden b (run_hidden a s).
Proof. induction a as [|l a IH]; intros b s; simpl; [reflexivity | apply IH]. Qed.
Lemma firstn_next {A} (l : list A) : forall k a, nth_error l k = Some a -> firstn (S k) l = firstn k l ++ [a].
Proof. induction l as [|b l IH]; intros [|k] a N; simpl in *; try discriminate; [now injection N as -> | now rewrite <- IH]. Qed.
Lemma sources_next k l x : nth_error (hidden f) k = Some l ->
  sources_below (S k) x = sources_below k x ++ [map relu (affine l (sources_below k x))].
Proof. intros N. unfold sources_below. now rewrite (firstn_next _ _ _ N), run_hidden_app. Qed.

(** k layers have been entered. *)
Record tracked (k : nat) (st : state) : Prop := {
  sources_are : forall x, closed (rows st) x ->
    values_of (lower st) x ++ [current_values (current st) x] ~~~ sources_below k x;
  forms_are : forall j x i h d, k = S j -> closed (rows st) x -> nth_error (current st) i = Some (h, d) ->
    value h x == pre_activation j i x;
  width_is : forall j i, k = S j -> nth_error (current st) i = None -> forall x, pre_activation j i x == 0;
  signs_are : forall x, k <> O -> closed (rows st) x -> signs_hold x (current st);
  settled : forall j i, (S j < k)%nat -> keeps_sign (rows st) j i;
  inputs_decided : k = O -> all_decided st = true;
}.
Arguments sources_are {_ _}. Arguments forms_are {_ _}. Arguments width_is {_ _}. Arguments signs_are {_ _}.
Arguments settled {_ _}. Arguments inputs_decided {_ _}.

Lemma start_tracked : tracked 0 (start inputs domain).
Proof.
  constructor; try discriminate; try lia; try congruence.
  2: { intros _. unfold all_decided, start; simpl. induction inputs; simpl; auto. }
  intros x _. simpl. unfold current_values, sources_below; simpl.
  rewrite map_map. constructor; [apply same_refl | constructor].
Qed.

Lemma decided_sign k st j i : tracked k st -> k = S j -> all_decided st = true -> keeps_sign (rows st) j i.
Proof.
  intros T K A. destruct (nth_error (current st) i) as [[h d]|] eqn:N.
  - unfold all_decided in A. rewrite forallb_forall in A. specialize (A _ (nth_error_In _ _ N)).
    destruct d as [p| |]; [discriminate|left|right]; intros x C;
      rewrite <- (forms_are T j x i h _ K C N);
      destruct (signs_are T x ltac:(congruence) C i h _ N) as [P Q]; auto.
  - left. intros x _. rewrite (width_is T j i K N). arithmetic.
Qed.

Lemma outputs_below_values st x : all_decided st = true ->
  values_of (outputs_below st) x ~~~ values_of (lower st) x ++ [current_values (current st) x].
Proof.
  intros A. unfold outputs_below, values_of. rewrite map_app. apply Forall2_app.
  - induction (lower st); simpl; constructor; auto. apply same_refl.
  - constructor; [now apply outputs_values | constructor].
Qed.
Lemma same_sources_trans (a b c : list (list Q)) : a ~~~ b -> b ~~~ c -> a ~~~ c.
Proof.
  intros H; revert c; induction H; intros c G; inversion G; subst; constructor; [eapply same_trans; eassumption | auto].
Qed.

Lemma enter_tracked k l number active inactive planes undecided st st' : tracked k st -> nth_error (hidden f) k = Some l ->
  enter n l number active inactive planes undecided st = Some st' -> tracked (S k) st'.
Proof.
  intros T L. unfold enter. destruct (first_occurrences _ _ _) as [found numbers].
  destruct (_ && all_decided st && _ && _)%bool eqn:G; [|discriminate].
  rewrite !andb_true_iff in G. destruct G as [[[_ A] _] _].
  destruct (decide_both _ _ _ _) as [ns|] eqn:D; [|discriminate].
  destruct (all2 Nat.eqb (undecided_numbers ns) undecided); [|discriminate]. intros E. injection E as <-.
  assert (B : forall x, closed (rows st) x -> values_of (outputs_below st) x ~~~ sources_below k x).
  { intros x C. eapply same_sources_trans; [now apply outputs_below_values | now apply (sources_are T)]. }
  assert (F : forall x, closed (rows st) x -> values (map fst ns) x ~~ affine l (sources_below k x)).
  { intros x C. destruct (decide_both_keeps _ _ _ x _ _ C D) as [-> _]. rewrite numbered_neurons_forms.
    eapply same_trans; [apply layer_forms_values | now apply affine_same, B]. }
  assert (W : length ns = length (neurons l)).
  { assert (R : map fst ns = layer_forms l (outputs_below st))
      by (rewrite (decide_both_forms _ _ _ _ _ D); apply numbered_neurons_forms).
    transitivity (length (map fst ns)); [symmetry; apply map_length|]. rewrite R. apply map_length. }
  constructor; simpl.
  - intros x C. rewrite (sources_next k l x L). apply Forall2_app; [now apply B|]. constructor; [|constructor].
    eapply same_trans; [eapply decide_both_sound; [exact C | exact D]|]. rewrite numbered_neurons_values.
    apply relu_same. eapply same_trans; [apply layer_forms_values | now apply affine_same, B].
  - intros j x i h d K C N. injection K as <-. unfold pre_activation. rewrite L. rewrite <- (nth_same i _ _ (F x C)).
    assert (R : nth_error (values (map fst ns) x) i = Some (value h x)).
    { unfold values. rewrite map_map. exact (map_nth_error (fun v => value (fst v) x) i ns N). }
    rewrite (nth_error_nth _ _ _ R). reflexivity.
  - intros j i K N x. injection K as <-. unfold pre_activation. rewrite L. apply nth_error_None in N.
    rewrite nth_overflow; [reflexivity|]. unfold affine. rewrite map_length. lia.
  - intros x _ C. destruct (decide_both_keeps _ _ _ x _ _ C D) as [_ H]. apply H, numbered_neurons_signs.
  - intros j i J. destruct (Nat.eq_dec (S j) k) as [<-|K]; [now apply (decided_sign (S j)) | apply (settled T); lia].
  - discriminate.
Qed.

Lemma stabilise_tracked k active inactive st st' : tracked k st -> stabilise active inactive st = Some st' ->
  tracked k st'.
Proof.
  intros T E. assert (F : option_map (with_current st) (decide_both (rows st) active inactive (current st)) = Some st').
  { destruct active, inactive; [discriminate | exact E | exact E | exact E]. }
  clear E. destruct (decide_both _ _ _ _) as [ns|] eqn:D; [|discriminate]. injection F as <-.
  assert (M : map fst ns = map fst (current st)) by exact (decide_both_forms _ _ _ _ _ D).
  assert (OLD : forall i h d, nth_error ns i = Some (h, d) -> exists e, nth_error (current st) i = Some (h, e)).
  { intros i h d N. assert (H : nth_error (map fst ns) i = Some h) by (erewrite map_nth_error; [|exact N]; reflexivity).
    rewrite M in H. destruct (nth_error (current st) i) as [[g e]|] eqn:R.
    - erewrite map_nth_error in H by exact R. injection H as <-. eauto.
    - apply nth_error_None in R. assert (nth_error (map fst (current st)) i = None); [|congruence].
      apply nth_error_None. now rewrite map_length. }
  constructor; simpl.
  - intros x C. eapply same_sources_trans; [|now apply (sources_are T)]. apply Forall2_app.
    + induction (values_of (lower st) x); constructor; auto. apply same_refl.
    + constructor; [eapply decide_both_sound; eauto | constructor].
  - intros j x i h d K C N. destruct (OLD i h d N) as (e & R). now apply (forms_are T j x i h e).
  - intros j i K N. apply (width_is T j i K). apply nth_error_None. apply nth_error_None in N.
    assert (LL : length ns = length (current st))
      by (transitivity (length (map fst ns)); [symmetry; apply map_length | rewrite M; apply map_length]).
    lia.
  - intros x K C. destruct (decide_both_keeps _ _ _ x _ _ C D) as [_ H]. apply H, (signs_are T x K C).
  - exact (settled T).
  - intros K. pose proof (inputs_decided T K) as A. unfold all_decided in *; simpl. revert D. unfold decide_both.
    destruct (_ && _)%bool; [|discriminate]. destruct (decide _ Active _ _) as [ms|] eqn:F; [|discriminate].
    apply decide_nothing in F; [|exact A]. subst ms. intros F. apply decide_nothing in F; [now subst|exact A].
Qed.

Lemma child_tracked k neuron strict_side side st st' : tracked k st -> invariant domain st ->
  child neuron strict_side side st = Some st' ->
  tracked k st' /\ exists c, rows st' = rows st ++ [c]
    /\ forall j x, k = S j -> closed (rows st) x -> 0 < value c x -> 0 < side_value side (pre_activation j neuron x).
Proof.
  intros T I E. destruct (child_step domain _ _ _ _ _ E I) as [_ _ (h & p & c & N & R & _ & V & P & _)].
  assert (LC : lower st' = lower st /\ current st' = replace neuron (h, if side then Active else Inactive) (current st)).
  { unfold child in E. rewrite N in E. destruct (multiple_of _ _); [|discriminate]. injection E as <-. split; reflexivity. }
  destruct LC as [LO CU].
  assert (SUB : forall x, closed (rows st') x -> closed (rows st) x /\ 0 <= side_value side (value h x)).
  { intros x C. split; [intros b B; apply C; rewrite R; apply in_or_app; now left|].
    apply V, C. rewrite R. apply in_or_app. right. now left. }
  split.
  - constructor.
    + intros x C. destruct (SUB x C) as [C' S]. rewrite LO, CU.
      eapply same_sources_trans; [|now apply (sources_are T)]. apply Forall2_app.
      * induction (values_of (lower st) x); constructor; auto. apply same_refl.
      * constructor; [|constructor]. apply (replace_same _ _ _ _ _ _ N). unfold neuron_value, side_value in *; simpl.
        destruct side; symmetry; [now apply relu_of_nonnegative | apply relu_of_nonpositive; lra].
    + intros j x i g d K C M. destruct (SUB x C) as [C' _]. rewrite CU, nth_error_replace in M.
      destruct (Nat.eqb_spec neuron i) as [<-|NE]; simpl in M; [|eapply (forms_are T); eauto].
      destruct (Nat.ltb neuron (length (current st))); [|eapply (forms_are T); eauto].
      injection M as <- <-. eapply (forms_are T); eauto.
    + intros j i K M. apply (width_is T j i K). rewrite CU, nth_error_replace in M.
      destruct (_ && _)%bool; [discriminate | exact M].
    + intros x K C. destruct (SUB x C) as [C' S]. rewrite CU. unfold side_value in S.
      apply replace_signs; [now apply (signs_are T)| |]; destruct side; intros H; try discriminate; lra.
    + intros j i J. destruct (settled T j i J) as [H|H]; [left|right]; intros x C; apply H, (SUB x C).
    + intros K. pose proof (inputs_decided T K) as A. unfold all_decided in A. rewrite forallb_forall in A.
      specialize (A _ (nth_error_In _ _ N)). discriminate.
  - exists c. split; [exact R|]. intros j x K C L. apply P in L. unfold side_value in *.
    pose proof (forms_are T j x neuron h (Undecided p) K C N). destruct side; lra.
Qed.

(** ** The cells *)
Variable c : claim.
Hypothesis counts : c <> GatedUnits.

Record region_facts (k : nat) (st : state) (found : list (list form)) : Prop := {
  regions_interior : forall r, In r found -> exists w, length w = n /\ inside_of r w;
  regions_within : forall r b, In r found -> In b (rows st) -> In b r;
  regions_cover : forall x, closed (rows st) x -> exists r, In r found /\ closed r x;
  regions_signs : forall r j i, In r found -> keeps_sign r j i;
  regions_differ : ForallOrdPairs (fun a b => exists j i,
    (forall x, inside_of a x -> 0 < pre_activation j i x) /\ (forall x, inside_of b x -> pre_activation j i x < 0)) found;
}.

Lemma ordered_pairs_app {A} (R : A -> A -> Prop) a b : ForallOrdPairs R a -> ForallOrdPairs R b ->
  (forall s t, In s a -> In t b -> R s t) -> ForallOrdPairs R (a ++ b).
Proof.
  induction 1 as [|s a F O IH]; intros B M; [exact B|]. simpl. constructor.
  - apply Forall_app. split; [exact F|]. apply Forall_forall. intros t I. apply M; [now left | exact I].
  - apply IH; [exact B|]. intros s' t I J. apply M; [now right | exact J].
Qed.

Lemma leaf_facts st w : invariant domain st -> tracked (length (hidden f)) st -> all_decided st = true ->
  witness_fits n st w = true -> region_facts (length (hidden f)) st [rows st].
Proof.
  intros I T A W. unfold witness_fits in W. rewrite andb_true_iff, Nat.eqb_eq, forallb_forall in W. destruct W as [L W].
  constructor.
  - intros r [<-|[]]. exists w. split; [exact L|]. intros b B. specialize (W b B). apply above_zero_iff in W.
    now rewrite evaluated_is in W.
  - intros r b [<-|[]] B. exact B.
  - intros x C. exists (rows st). split; [now left | exact C].
  - intros r j i [<-|[]]. destruct (Nat.lt_trichotomy (S j) (length (hidden f))) as [H|[H|H]].
    + now apply (settled T).
    + now apply (decided_sign (length (hidden f))).
    + left. intros x _. unfold pre_activation. assert (N : nth_error (hidden f) j = None) by (apply nth_error_None; lia).
      rewrite N. arithmetic.
  - repeat constructor.
Qed.

Lemma skipn_next {A} (l : list A) : forall k a r, skipn k l = a :: r -> nth_error l k = Some a /\ skipn (S k) l = r.
Proof. induction l as [|b l IH]; intros [|k] a r S; simpl in *; try discriminate; [now injection S as -> -> | now apply IH]. Qed.

Lemma walk_regions top t : forall above st tally k, walk n c false top t above st = Some tally -> invariant domain st ->
  tracked k st -> skipn k (hidden f) = above -> (k <= length (hidden f))%nat ->
  region_facts k st (map rows (cells n t above st)) /\ N.of_nat (length (cells n t above st)) = leaf_count tally.
Proof.
  induction t as [number active inactive planes undecided below IH|active inactive below IH|constraints below IH
                 |neuron strict_side plus IHp minus IHm|absent map_rows stated w|]; intros above st tally k W I T K L; simpl in *.
  - destruct above as [|l higher]; [discriminate|]. destruct (enter _ _ _ _ _ _ _ _) as [st'|] eqn:E; [|discriminate].
    destruct (enter_step domain _ _ _ _ _ _ _ _ _ E I) as (I' & R & _).
    destruct (walk _ _ _ _ below higher st') as [tl|] eqn:W'; [|discriminate]. injection W as <-.
    destruct (skipn_next _ _ _ _ K) as [N NX].
    assert (L' : (S k <= length (hidden f))%nat) by (apply nth_error_Some; congruence).
    destruct (IH _ _ _ _ W' I' (enter_tracked _ _ _ _ _ _ _ _ _ T N E) NX L') as [[A B C D F] G].
    split; [constructor; rewrite <- ?R; auto | rewrite G; simpl; lia].
  - destruct (stabilise _ _ _) as [st'|] eqn:E; [|discriminate].
    destruct (stabilise_step domain _ _ _ _ E I) as (I' & R & _).
    destruct (IH _ _ _ _ W I' (stabilise_tracked _ _ _ _ _ T E) K L) as [[A B C D F] G].
    split; [constructor; rewrite <- ?R; auto | exact G].
  - destruct (has_units c); [|discriminate]. destruct (drop _ _) as [st'|] eqn:E; [|discriminate].
    destruct (drop_step domain _ _ _ E I) as (I' & R & _ & _ & LO & CU).
    assert (T' : tracked k st').
    { destruct T as [a b d e g h]. constructor; unfold all_decided in *; rewrite ?R, ?LO, ?CU; assumption. }
    destruct (IH _ _ _ _ W I' T' K L) as [[A B C D F] G].
    split; [constructor; rewrite <- ?R; auto | exact G].
  - destruct (mark_fits c strict_side); [|discriminate].
    destruct (child _ _ true _) as [p|] eqn:P; [|discriminate]. destruct (child _ _ false _) as [m|] eqn:M; [|discriminate].
    destruct (walk _ _ _ _ plus above p) as [a|] eqn:Wp; [|discriminate].
    destruct (walk _ _ _ _ minus above m) as [b|] eqn:Wm; [|discriminate]. injection W as <-.
    destruct (child_step domain _ _ _ _ _ P I) as [Ip _ (hp & kp & cp & Np & Rp & _ & Vp & _)].
    destruct (child_step domain _ _ _ _ _ M I) as [Im _ (hm & km & cm & Nm & Rm & _ & Vm & _)].
    destruct (child_tracked _ _ _ _ _ _ T I P) as [Tp (cp' & Rp' & Sp)].
    destruct (child_tracked _ _ _ _ _ _ T I M) as [Tm (cm' & Rm' & Sm)].
    rewrite Rp in Rp'. apply app_inv_head in Rp'. injection Rp' as <-.
    rewrite Rm in Rm'. apply app_inv_head in Rm'. injection Rm' as <-.
    destruct (IHp _ _ _ _ Wp Ip Tp K L) as [[Ap Bp Cp Dp Fp] Gp].
    destruct (IHm _ _ _ _ Wm Im Tm K L) as [[Am Bm Cm Dm Fm] Gm].
    rewrite map_app. split; [|rewrite app_length, Nat2N.inj_add, Gp, Gm; reflexivity]. constructor.
    + intros r H. apply in_app_or in H as [H|H]; auto.
    + intros r d H D. apply in_app_or in H as [H|H]; [apply (Bp r) | apply (Bm r)]; auto;
        rewrite ?Rp, ?Rm; apply in_or_app; now left.
    + intros x C. rewrite Np in Nm. injection Nm as <- <-. unfold side_value in *.
      destruct (Qlt_le_dec (value hp x) 0) as [H|H].
      * destruct (Cm x) as (r & J & X); [|exists r; split; [apply in_or_app; now right | exact X]].
        intros d D. rewrite Rm in D. apply in_app_or in D as [D|[<-|[]]]; [auto | apply Vm; lra].
      * destruct (Cp x) as (r & J & X); [|exists r; split; [apply in_or_app; now left | exact X]].
        intros d D. rewrite Rp in D. apply in_app_or in D as [D|[<-|[]]]; [auto | apply Vp; lra].
    + intros r j i H. apply in_app_or in H as [H|H]; auto.
    + apply ordered_pairs_app; [exact Fp | exact Fm|]. intros s d J H.
      destruct k as [|j].
      { exfalso. pose proof (inputs_decided T eq_refl) as A. unfold all_decided in A. rewrite forallb_forall in A.
        specialize (A _ (nth_error_In _ _ Np)). discriminate. }
      exists j, neuron. unfold side_value in *. split; intros x X.
      * apply (Sp j x eq_refl); [|apply X, (Bp s _ J); rewrite Rp; apply in_or_app; right; now left].
        intros e E. assert (0 < value e x); [|lra]. apply X, (Bp s _ J). rewrite Rp. apply in_or_app. now left.
      * assert (Y : 0 < - pre_activation j neuron x); [|lra].
        apply (Sm j x eq_refl); [|apply X, (Bm d _ H); rewrite Rm; apply in_or_app; right; now left].
        intros e E. assert (0 < value e x); [|lra]. apply X, (Bm d _ H). rewrite Rm. apply in_or_app. now left.
  - destruct (leaf_accepted _ _ _ _ _ _ _ _ _) eqn:F; [|discriminate]. injection W as <-.
    assert (G : above = [] /\ all_decided st = true /\ witness_fits n st w = true).
    { unfold leaf_accepted in F. destruct c, above; try discriminate; try congruence;
        unfold leaf_fits in F; rewrite !andb_true_iff in F; tauto. }
    destruct G as (-> & A & B).
    assert (KL : k = length (hidden f)).
    { assert (S : length (skipn k (hidden f)) = O) by now rewrite K. rewrite skipn_length in S. lia. }
    subst k. split; [|reflexivity]. now apply (leaf_facts st w).
  - discriminate.
Qed.

(** Theorem 4, and part of Theorem 2: the number that is counted is that of the activation regions of f on the domain. *)
Theorem regions_are_counted t tally : check n inputs f domain c false t = Some tally ->
  exists regions : list (list form), N.of_nat (length regions) = leaf_count tally
  /\ (forall r, In r regions -> (forall x, closed r x -> closed domain x) /\ exists w, length w = n /\ inside_of r w)
  /\ (forall x, closed domain x -> exists r, In r regions /\ closed r x)
  /\ (forall r j i, In r regions -> keeps_sign r j i)
  /\ ForallOrdPairs (fun a b => exists j i,
       (forall x, inside_of a x -> 0 < pre_activation j i x) /\ (forall x, inside_of b x -> pre_activation j i x < 0)) regions.
Proof.
  intros W. destruct (walk_regions _ _ _ _ _ 0 W (start_invariant inputs domain) start_tracked eq_refl ltac:(lia))
    as [[A B C D E] G].
  exists (map rows (cells n t (hidden f) (start inputs domain))). rewrite map_length.
  split; [exact G|]. split; [|split; [exact C | split; [exact D | exact E]]].
  intros r R. split; [|auto]. intros x X b H. apply X, (B r b R). exact H.
Qed.
End Network.
