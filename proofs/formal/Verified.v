(** The checker is correct: a certificate that it accepts gives a three-layer network that equals the deep one. *)
From Coq Require Import List Bool QArith PeanoNat NArith ZArith Lia Lqa Setoid Morphisms Btauto.
From Verishallow Require Import OrderedRing Network Forms Construction Entries Shallow Rationals Certificate Reasons FaceSets
  Soundness Walk Leaves.
Import ListNotations.
Open Scope Q_scope.

(** ** The three-layer network of a certificate *)
Fixpoint planes_of (t : tree) : list form :=
  match t with
  | EnterLayer _ _ _ planes _ below => map form_of_row planes ++ planes_of below
  | Stable _ _ below | Redundant _ below => planes_of below
  | Split _ _ plus minus => planes_of plus ++ planes_of minus
  | Leaf _ _ _ _ | Open => []
  end.
Definition plane_units (planes : list form) : list form := flat_map (fun p => [p; opposite p]) planes.
(** Planes have their numbers by scope: [names] says which planes of the whole file the numbers 1, 2, ... are here. *)
Definition unit_numbers (names : list nat) (z : Z) : list nat :=
  match z with
  | Z0 => []
  | Zpos p => match nth_error names (plane_number p) with Some i => [2 * i]%nat | None => [] end
  | Zneg p => match nth_error names (plane_number p) with Some i => [S (2 * i)] | None => [] end
  end.
Definition stated_entry (names : list nat) (map_rows : list (list Q)) (u : stated_unit) : entry :=
  Entry (flat_map (unit_numbers names) (minus_infinities u)) (map form_of_row map_rows) (stated_weight u).
Fixpoint stated_entries (t : tree) (names : list nat) (next : nat) : list entry :=
  match t with
  | EnterLayer _ _ _ planes _ below =>
      stated_entries below (names ++ seq next (length planes)) (next + length planes)
  | Stable _ _ below | Redundant _ below => stated_entries below names next
  | Split _ _ plus minus =>
      stated_entries plus names next ++ stated_entries minus names (next + length (planes_of plus))
  | Leaf _ map_rows units _ => map (stated_entry names map_rows) units
  | Open => []
  end.
Definition stated_network (n : nat) (f : network) (t : tree) : three_layer :=
  three_layer_of n (length (neurons (output f))) (plane_units (planes_of t)) (stated_entries t [] 0).

(** ** Units by number and units by form are the same *)
Definition in_file (planes : list form) (i : nat) (p : form) : Prop := nth_error planes i = Some p.

Lemma nth_plane_unit planes : forall i p, nth_error planes i = Some p ->
  nth (2 * i) (plane_units planes) zero_form = p /\ nth (S (2 * i)) (plane_units planes) zero_form = opposite p.
Proof.
  induction planes as [|q planes IH]; intros [|i] p N; try discriminate; simpl in N.
  - injection N as ->. split; reflexivity.
  - replace (2 * S i)%nat with (S (S (2 * i))) by lia. simpl. simpl in IH. now apply IH.
Qed.
Lemma named_plane planes names scope k : Forall2 (in_file planes) names scope ->
  match nth_error names k with
  | Some i => nth_error planes i = Some (nth k scope zero_form)
  | None => nth k scope zero_form = zero_form
  end.
Proof.
  intros H. revert k. induction H as [|i p names scope E H IH]; intros [|k]; simpl; try reflexivity; [exact E | apply IH].
Qed.
Lemma unit_numbers_open planes names scope x z : Forall2 (in_file planes) names scope ->
  forallb (fun i => at_most (value (nth i (plane_units planes) zero_form) x) 0) (unit_numbers names z)
  = at_most (value (unit_form scope z) x) 0.
Proof.
  intros H. assert (Z : at_most (value zero_form x) 0 = true) by (rewrite value_zero; apply le_bool; arithmetic).
  destruct z as [|p|p]; simpl; [now rewrite Z| |]; pose proof (named_plane _ _ _ (plane_number p) H) as N.
  - destruct (nth_error names (plane_number p)) as [i|]; simpl; [|now rewrite N, Z].
    destruct (nth_plane_unit _ _ _ N) as [A _]. simpl in A. rewrite A. now rewrite andb_true_r.
  - destruct (nth_error names (plane_number p)) as [i|]; simpl.
    + destruct (nth_plane_unit _ _ _ N) as [_ A]. simpl in A. rewrite A. now rewrite andb_true_r.
    + rewrite N. symmetry. apply le_bool. rewrite value_opposite, value_zero. arithmetic.
Qed.
Lemma forallb_flat_map {A B} (p : B -> bool) (f : A -> list B) l : forallb p (flat_map f l) = forallb (fun a => forallb p (f a)) l.
Proof. induction l as [|a l IH]; simpl; [reflexivity|]. now rewrite forallb_app, IH. Qed.
Lemma forallb_map {A B} (p : B -> bool) (f : A -> B) l : forallb p (map f l) = forallb (fun a => p (f a)) l.
Proof. induction l as [|a l IH]; simpl; [reflexivity|]. now rewrite IH. Qed.

Lemma stated_entry_sound planes names scope maps u x o : Forall2 (in_file planes) names scope ->
  contribution (plane_units planes) x o (stated_entry names maps u) = loose_contribution x o (loose_unit scope maps u).
Proof.
  intros H. unfold contribution, loose_contribution, entry_open, clear; simpl.
  rewrite forallb_flat_map, forallb_map. 
  assert (E : forallb (fun z => forallb (fun i => at_most (value (nth i (plane_units planes) zero_form) x) 0) (unit_numbers names z))
                (minus_infinities u) = forallb (fun z => at_most (value (unit_form scope z) x) 0) (minus_infinities u)).
  { induction (minus_infinities u) as [|z l IH]; [reflexivity|]. simpl.
    now rewrite IH, (unit_numbers_open planes names scope). }
  over_q. now rewrite E.
Qed.

Lemma named_in_order before l rest : Forall2 (in_file (before ++ l ++ rest)) (seq (length before) (length l)) l.
Proof.
  revert before. induction l as [|p l IH]; intros before; simpl; constructor.
  - unfold in_file. rewrite nth_error_app2, Nat.sub_diag by lia. reflexivity.
  - specialize (IH (before ++ [p])). rewrite app_length, <- app_assoc in IH. simpl in IH. now rewrite Nat.add_1_r in IH.
Qed.

Lemma stated_entries_sound t : forall names scope before after planes x o,
  planes = before ++ planes_of t ++ after -> Forall2 (in_file planes) names scope ->
  sum (contribution (plane_units planes) x o) (stated_entries t names (length before))
  == sum (loose_contribution x o) (loose_units t scope).
Proof.
  induction t as [number active inactive ps undecided below IH|active inactive below IH|constraints below IH
                 |neuron strict_side plus IHp minus IHm|absent map_rows units w|];
    intros names scope before after planes x o P H; simpl in *.
  - rewrite <- (map_length form_of_row ps) at 2. rewrite <- app_length.
    apply IH with (after := after); [rewrite P; now rewrite <- !app_assoc|]. apply Forall2_app; [exact H|]. subst planes.
    rewrite <- (map_length form_of_row ps), <- app_assoc. apply named_in_order.
  - now apply (IH names scope before after).
  - now apply (IH names scope before after).
  - rewrite !sum_app. apply add_proper.
    + apply (IHp names scope before (planes_of minus ++ after) planes); [subst; now rewrite <- ?app_assoc | exact H].
    + rewrite <- app_length. apply (IHm names scope (before ++ planes_of plus) after planes); [|exact H].
      subst. now rewrite <- ?app_assoc.
  - rewrite !sum_map. apply sum_same. intros u _. rewrite (stated_entry_sound planes names scope) by exact H. reflexivity.
  - reflexivity.
Qed.

(** ** How many half-open cells contain a point *)
Lemma half_open_child domain neuron strict_side side st st' x : invariant domain st ->
  child neuron strict_side side st = Some st' ->
  exists h k, nth_error (current st) neuron = Some (h, Undecided k)
  /\ half_open x st' = (half_open x st && (if strict_on strict_side side then above_zero (side_value side (value h x))
                                          else Qle_bool 0 (side_value side (value h x))))%bool.
Proof.
  intros I E. destruct (child_step domain _ _ _ _ _ E I) as [_ _ (h & k & c & N & R & S & V & P & _)].
  exists h, k. split; [exact N|]. unfold half_open, closed_at, row_of. rewrite R, forallb_app. simpl. rewrite andb_true_r.
  assert (OLD : forallb (fun i => above_zero (value (nth i (rows st ++ [c]) zero_form) x)) (strict_rows st)
              = forallb (fun i => above_zero (value (nth i (rows st) zero_form) x)) (strict_rows st)).
  { pose proof (strict_on_path I) as G. revert G. generalize (strict_rows st). intros l. induction l as [|i l IH]; intros G;
      [reflexivity|]. simpl.
    rewrite IH by (intros j J; apply G; now right). f_equal. f_equal. f_equal. apply app_nth1.
    destruct (on_path_in_range _ _ _ I (G i ltac:(now left))) as (d & Nd). apply nth_error_Some. congruence. }
  assert (B : Qle_bool 0 (value c x) = Qle_bool 0 (side_value side (value h x))).
  { apply eq_true_iff_eq. rewrite !le_bool. apply V. }
  assert (A : above_zero (value c x) = above_zero (side_value side (value h x))).
  { apply eq_true_iff_eq. rewrite !above_zero_iff. apply P. }
  rewrite S. destruct (strict_on strict_side side).
  - rewrite forallb_app. simpl. rewrite app_nth2, Nat.sub_diag by lia. simpl. rewrite OLD, A, B, andb_true_r.
    destruct (above_zero (side_value side (value h x))) eqn:Z.
    + apply above_zero_iff in Z. assert (L : Qle_bool 0 (side_value side (value h x)) = true) by (apply le_bool; lra).
      rewrite L. now rewrite !andb_true_r.
    + now rewrite !andb_false_r.
  - rewrite OLD, B. btauto.
Qed.

Section Multiplicity.
Variables (domain : list form) (n : nat) (top : layer).

Lemma count_exact c t : c = Exact \/ c = GatedUnits -> forall above st tally,
  walk n c false top t above st = Some tally -> invariant domain st ->
  forall x, count x (cells n t above st) == one_if (half_open x st).
Proof.
  intros M0. induction t as [number active inactive planes undecided below IH|active inactive below IH|constraints below IH
                 |neuron strict_side plus IHp minus IHm|absent map_rows units w|]; intros above st tally W I x; simpl in *.
  - destruct above as [|l higher]; [discriminate|]. destruct (enter _ _ _ _ _ _ _ _) as [st'|] eqn:E; [|discriminate].
    destruct (enter_step domain _ _ _ _ _ _ _ _ _ E I) as (I' & R & S & _).
    destruct (walk _ _ _ _ below higher st') as [tl|] eqn:W'; [|discriminate].
    rewrite (IH _ _ _ W' I' x), (half_open_same st st' x R S). reflexivity.
  - destruct (stabilise _ _ _) as [st'|] eqn:E; [|discriminate].
    destruct (stabilise_step domain _ _ _ _ E I) as (I' & R & S & _).
    rewrite (IH _ _ _ W I' x), (half_open_same st st' x R S). reflexivity.
  - destruct (has_units c); [|discriminate]. destruct (drop _ _) as [st'|] eqn:E; [|discriminate].
    destruct (drop_step domain _ _ _ E I) as (I' & R & S & _).
    rewrite (IH _ _ _ W I' x), (half_open_same st st' x R S). reflexivity.
  - destruct strict_side as [s|]; [|destruct M0 as [-> | ->]; discriminate].
    destruct (mark_fits c (Some s)); [|discriminate].
    destruct (child _ _ true _) as [p|] eqn:P; [|discriminate]. destruct (child _ _ false _) as [m|] eqn:M; [|discriminate].
    destruct (walk _ _ _ _ plus above p) as [a|] eqn:Wp; [|discriminate].
    destruct (walk _ _ _ _ minus above m) as [b|] eqn:Wm; [|discriminate].
    pose proof (child_invariant _ _ _ _ _ _ (child_step domain _ _ _ _ _ P I)) as Ip.
    pose proof (child_invariant _ _ _ _ _ _ (child_step domain _ _ _ _ _ M I)) as Im.
    rewrite count_app, (IHp _ _ _ Wp Ip x), (IHm _ _ _ Wm Im x).
    destruct (half_open_child domain _ _ _ _ _ x I P) as (h & k & N & ->).
    destruct (half_open_child domain _ _ _ _ _ x I M) as (h' & k' & N' & ->).
    rewrite N in N'. injection N' as <- <-. unfold strict_on, side_value.
    destruct (half_open x st); simpl; [|unfold one_if; arithmetic].
    destruct (Qlt_le_dec (value h x) 0) as [L|L]; [|destruct (Qlt_le_dec 0 (value h x)) as [G|G]].
    + assert (A : Qle_bool 0 (value h x) = false) by (apply not_true_is_false; rewrite le_bool; lra).
      assert (B : above_zero (value h x) = false) by (apply above_zero_false; lra).
      assert (C : above_zero (- value h x) = true) by (apply above_zero_iff; lra).
      assert (D : Qle_bool 0 (- value h x) = true) by (apply le_bool; lra).
      destruct s; simpl; rewrite ?A, ?B, ?C, ?D; unfold one_if; arithmetic.
    + assert (A : Qle_bool 0 (value h x) = true) by (apply le_bool; lra).
      assert (B : above_zero (value h x) = true) by (apply above_zero_iff; lra).
      assert (C : above_zero (- value h x) = false) by (apply above_zero_false; lra).
      assert (D : Qle_bool 0 (- value h x) = false) by (apply not_true_is_false; rewrite le_bool; lra).
      destruct s; simpl; rewrite ?A, ?B, ?C, ?D; unfold one_if; arithmetic.
    + assert (A : Qle_bool 0 (value h x) = true) by (apply le_bool; lra).
      assert (B : above_zero (value h x) = false) by (apply above_zero_false; lra).
      assert (C : above_zero (- value h x) = false) by (apply above_zero_false; lra).
      assert (D : Qle_bool 0 (- value h x) = true) by (apply le_bool; lra).
      destruct s; simpl; rewrite ?A, ?B, ?C, ?D; unfold one_if; arithmetic.
  - unfold count; simpl. arithmetic.
  - discriminate.
Qed.

(** Without marks the closed cells cover the domain. *)
Lemma count_ignore t : forall above st tally, walk n Ignore false top t above st = Some tally -> invariant domain st ->
  strict_rows st = [] -> forall x, closed_at st x = true ->
  exists c, In c (cells n t above st) /\ half_open x c = true.
Proof.
  induction t as [number active inactive planes undecided below IH|active inactive below IH|constraints below IH
                 |neuron strict_side plus IHp minus IHm|absent map_rows units w|]; intros above st tally W I N x C; simpl in *.
  - destruct above as [|l higher]; [discriminate|]. destruct (enter _ _ _ _ _ _ _ _) as [st'|] eqn:E; [|discriminate].
    destruct (enter_step domain _ _ _ _ _ _ _ _ _ E I) as (I' & R & S & _).
    destruct (walk _ _ _ _ below higher st') as [tl|] eqn:W'; [|discriminate].
    apply (IH _ _ _ W' I'); [congruence|]. unfold closed_at in *. now rewrite R.
  - destruct (stabilise _ _ _) as [st'|] eqn:E; [|discriminate].
    destruct (stabilise_step domain _ _ _ _ E I) as (I' & R & S & _).
    apply (IH _ _ _ W I'); [congruence|]. unfold closed_at in *. now rewrite R.
  - destruct (drop _ _) as [st'|] eqn:E; [|discriminate].
    destruct (drop_step domain _ _ _ E I) as (I' & R & S & _).
    apply (IH _ _ _ W I'); [congruence|]. unfold closed_at in *. now rewrite R.
  - destruct strict_side as [s|]; simpl in W; [discriminate|].
    destruct (child _ _ true _) as [p|] eqn:P; [|discriminate]. destruct (child _ _ false _) as [m|] eqn:M; [|discriminate].
    destruct (walk _ _ _ _ plus above p) as [a|] eqn:Wp; [|discriminate].
    destruct (walk _ _ _ _ minus above m) as [b|] eqn:Wm; [|discriminate].
    destruct (child_step domain _ _ _ _ _ P I) as [Ip _ (hp & kp & cp & Np & Rp & Sp & Vp & _)].
    destruct (child_step domain _ _ _ _ _ M I) as [Im _ (hm & km & cm & Nm & Rm & Sm & Vm & _)].
    rewrite Np in Nm. injection Nm as <- <-. simpl in Sp, Sm. unfold side_value in *.
    destruct (Qlt_le_dec (value hp x) 0) as [L|L].
    + destruct (IHm _ _ _ Wm Im ltac:(congruence) x) as (c & J & K).
      * unfold closed_at in *. rewrite Rm, forallb_app, C. simpl. rewrite andb_true_r. apply le_bool, Vm. lra.
      * exists c. split; [apply in_or_app; now right | exact K].
    + destruct (IHp _ _ _ Wp Ip ltac:(congruence) x) as (c & J & K).
      * unfold closed_at in *. rewrite Rp, forallb_app, C. simpl. rewrite andb_true_r. apply le_bool, Vp. exact L.
      * exists c. split; [apply in_or_app; now left | exact K].
  - exists st. split; [now left|]. unfold half_open. now rewrite C, N.
  - discriminate.
Qed.
End Multiplicity.

(** ** The theorems *)
Definition multiplicity (n : nat) (inputs : list form) (f : network) (domain : list form) (t : tree) (x : list Q) : nat :=
  length (filter (half_open x) (cells n t (hidden f) (start inputs domain))).

Lemma count_is_multiplicity l x : count x l == inject_Z (Z.of_nat (length (filter (half_open x) l))).
Proof.
  unfold count. induction l as [|st l IH]; [reflexivity|]. simpl. over_q. rewrite IH.
  unfold one_if. destruct (half_open x st); [|arithmetic]. cbn [length]. rewrite Nat2Z.inj_succ, <- Z.add_1_l, inject_Z_plus.
  change (inject_Z 1) with 1. arithmetic.
Qed.

Lemma coordinates_onto_is n : forall i done, coordinates_onto n (repeat 0 i ++ [1]) done = rev done ++ map coordinate (seq i n).
Proof.
  induction n as [|n IH]; intros i done; simpl; [now rewrite rev_append_rev|].
  change (0 :: repeat 0 i ++ [1]) with (repeat 0 (S i) ++ [1]). rewrite IH. simpl. now rewrite <- app_assoc.
Qed.
Lemma identity_values x : values (identity (length x)) x ~~ x.
Proof. unfold identity. rewrite (coordinates_onto_is _ 0 []). apply values_coordinates. Qed.
Lemma run_same f x y : x ~~ y -> run f x ~~ run f y.
Proof. intros H. apply affine_same, run_hidden_same. constructor; [exact H | constructor]. Qed.
Lemma start_closed inputs domain x : closed domain x -> closed_at (start inputs domain) x = true.
Proof. intros H. apply closed_at_iff. exact H. Qed.

Theorem stated_network_value n inputs f domain c t tally : c = Exact \/ c = Ignore -> check n inputs f domain c false t = Some tally ->
  forall x, length x = n -> closed domain x ->
  exists y, evaluate (stated_network n f t) x = Some (map finite y)
  /\ y ~~ map (fun v => inject_Z (Z.of_nat (multiplicity n inputs f domain t x)) * v) (run f (values inputs x)).
Proof.
  intros U C x L D. subst n. set (n := length x) in *. unfold stated_network.
  destruct (three_layer_value (plane_units (planes_of t)) x (length (neurons (output f))) (stated_entries t [] 0)) as (y & E & Y).
  exists y. split; [exact E|]. eapply same_trans; [exact Y|].
  assert (R : length (run f (values inputs x)) = length (neurons (output f))) by (unfold run, affine; now rewrite map_length).
  rewrite (list_by_nth (run f (values inputs x))), R, map_map. apply same_map. intros o _.
  pose proof (stated_entries_sound t [] [] [] [] (planes_of t) x o ltac:(simpl; now rewrite app_nil_r) (Forall2_nil _)) as H.
  simpl in H. rewrite H.
  pose proof (walk_sound domain n c (output f) U t _ _ _ C (start_invariant inputs domain) x o D) as S.
  simpl in S. rewrite S, count_is_multiplicity. unfold multiplicity.
  assert (T : target (output f) (hidden f) (start inputs domain) x = run f (values inputs x)).
  { unfold target, run, current_values, start, values. simpl. now rewrite map_map. }
  rewrite T. reflexivity.
Qed.

(** Theorem 1: with boundary [exact] the two networks are the same function on the domain, everywhere; on a slice, f is
    taken at the point that the parameters x stand for. *)
Theorem certificate_is_equality_on_slice n inputs f domain t tally : check n inputs f domain Exact false t = Some tally ->
  forall x, length x = n -> closed domain x ->
  exists y, evaluate (stated_network n f t) x = Some (map finite y) /\ y ~~ run f (values inputs x).
Proof.
  intros C x L D. destruct (stated_network_value n inputs f domain Exact t tally (or_introl eq_refl) C x L D) as (y & E & Y).
  exists y. split; [exact E|]. eapply same_trans; [exact Y|].
  assert (M : inject_Z (Z.of_nat (multiplicity n inputs f domain t x)) == 1).
  { unfold multiplicity. rewrite <- count_is_multiplicity.
    rewrite (count_exact domain n (output f) Exact t (or_introl eq_refl) _ _ _ C (start_invariant inputs domain)). unfold half_open.
    now rewrite start_closed. }
  rewrite <- (map_id (run f (values inputs x))) at 2. apply same_map. intros v _. over_q. rewrite M. lra.
Qed.
Theorem certificate_is_equality n f domain t tally : check n (identity n) f domain Exact false t = Some tally ->
  forall x, length x = n -> closed domain x -> equal_at (stated_network n f t) f x.
Proof.
  intros C x L D. destruct (certificate_is_equality_on_slice n _ f domain t tally C x L D) as (y & E & Y).
  exists y. split; [exact E|]. eapply same_trans; [exact Y|]. apply run_same. subst n. apply identity_values.
Qed.

(** Theorem 3: with boundary [ignore] S(x) = k(x) f(x), k(x) >= 1 the number of closed cells that contain x. *)
Theorem certificate_is_multiple n inputs f domain t tally : check n inputs f domain Ignore false t = Some tally ->
  forall x, length x = n -> closed domain x -> exists y k, (1 <= k)%nat
  /\ evaluate (stated_network n f t) x = Some (map finite y)
  /\ y ~~ map (fun v => inject_Z (Z.of_nat k) * v) (run f (values inputs x)).
Proof.
  intros C x L D. destruct (stated_network_value n inputs f domain Ignore t tally (or_intror eq_refl) C x L D) as (y & E & Y).
  exists y, (multiplicity n inputs f domain t x). split; [|split; assumption].
  destruct (count_ignore domain n (output f) t _ _ _ C (start_invariant inputs domain) eq_refl x (start_closed inputs domain x D))
    as (c & I & H).
  unfold multiplicity. assert (J : In c (filter (half_open x) (cells n t (hidden f) (start inputs domain)))) by now apply filter_In.
  destruct (filter _ _); [easy | simpl; lia].
Qed.
