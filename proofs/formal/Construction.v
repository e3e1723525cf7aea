(** The three-layer network made of gated maps, and what it computes.

    An entry is a list of maps, one an output, with a sign, and the units of layer 1 that gate it: it counts at x just where
    these are all 0. *)
From Coq Require Import List Bool Setoid Morphisms Ring PeanoNat Lia.
From Verishallow Require Import OrderedRing Network Forms.
Import ListNotations.

Module Construction (Ring : ORDERED_RING).
Module Export Forms := Forms Ring.
Add Ring KRing : ring (setoid equivalence ring_extension).

Record entry := Entry { gates : list nat; maps : list form; sign : K }.

(** ** The network *)
Definition padded (n : nat) (h : form) : form := Form (map (fun i => nth i (weights h) 0) (seq 0 n)) (bias h).
Definition pass_through (n : nat) : list form := flat_map (fun i => [coordinate i; opposite (coordinate i)]) (seq 0 n).
Definition pass_weights (n : nat) (h : form) : vector :=
  flat_map (fun i => [nth i (weights h) 0; - nth i (weights h) 0]) (seq 0 n).
Definition member (i : nat) (l : list nat) : bool := existsb (Nat.eqb i) l.
Definition gate_weights (units : nat) (blocking : list nat) : list weight :=
  map (fun i => if member i blocking then MinusInfinity else Finite 0) (seq 0 units).
Definition gated_unit (n units : nat) (blocking : list nat) (h : form) : gated :=
  Gated (map Finite (pass_weights n h) ++ gate_weights units blocking) (bias h).
Definition units_of_entry (n units : nat) (e : entry) : list gated :=
  flat_map (fun h => [gated_unit n units (gates e) h; gated_unit n units (gates e) (opposite h)]) (maps e).
Definition output_weights (o : nat) (e : entry) : vector :=
  flat_map (fun p => if Nat.eqb o p then [sign e; - sign e] else [0; 0]) (seq 0 (length (maps e))).

(** n inputs, m outputs; [units] are the forms of layer 1 beside the pass-through units. *)
Definition three_layer_of (n m : nat) (units : list form) (entries : list entry) : three_layer :=
  ThreeLayer (map (padded n) (pass_through n ++ units))
             (flat_map (units_of_entry n (length units)) entries)
             (map (fun o => Form (flat_map (output_weights o) entries) 0) (seq 0 m)).

(** ** What it computes *)
Definition open (units : list form) (e : entry) (x : vector) : bool :=
  forallb (fun i => at_most (value (nth i units zero_form) x) 0) (gates e).
Definition contribution (units : list form) (x : vector) (o : nat) (e : entry) : K :=
  if open units e x then sign e * value (nth o (maps e) zero_form) x else 0.
Fixpoint sum {A} (g : A -> K) (l : list A) : K := match l with [] => 0 | a :: r => g a + sum g r end.
Definition sums (m : nat) (units : list form) (entries : list entry) (x : vector) : vector :=
  map (fun o => sum (contribution units x o) entries) (seq 0 m).

Lemma sum_same {A} (f g : A -> K) l : (forall a, In a l -> f a == g a) -> sum f l == sum g l.
Proof. induction l as [|a l IH]; simpl; intros H; [reflexivity|]. rewrite H, IH by auto. reflexivity. Qed.
Lemma sum_app {A} (g : A -> K) a b : sum g (a ++ b) == sum g a + sum g b.
Proof. induction a as [|t a IH]; simpl; [ring|]. rewrite IH. ring. Qed.
Lemma sum_zero {A} (g : A -> K) l : (forall a, In a l -> g a == 0) -> sum g l == 0.
Proof. induction l as [|a l IH]; simpl; intros H; [reflexivity|]. rewrite H, IH by auto. ring. Qed.
Lemma sum_map {A B} (g : B -> K) (f : A -> B) l : sum g (map f l) = sum (fun a => g (f a)) l.
Proof. induction l as [|a l IH]; simpl; congruence. Qed.
Lemma sum_flat_map {A B} (g : B -> K) (f : A -> list B) l : sum g (flat_map f l) == sum (fun a => sum g (f a)) l.
Proof. induction l as [|a l IH]; simpl; [reflexivity|]. now rewrite sum_app, IH. Qed.
Lemma sum_scaled {A} k (g : A -> K) l : sum (fun a => k * g a) l == k * sum g l.
Proof. induction l as [|a l IH]; simpl; [ring|]. rewrite IH. ring. Qed.

(** ** Finite layers *)
Lemma extended_dot_finite a : forall x, length a = length x ->
  extended_dot (map finite a) (map finite x) = Some (finite (dot a x)).
Proof.
  induction a as [|p a IH]; intros [|q x] L; simpl in *; try discriminate; [reflexivity|].
  rewrite IH by lia. reflexivity.
Qed.
Lemma finite_layer rows x : (forall h, In h rows -> length (weights h) = length x) ->
  extended_layer (map finite_row rows) (map finite x) = Some (map finite (values rows x)).
Proof.
  induction rows as [|h rows IH]; intros L; [reflexivity|]. simpl. unfold extended_value; simpl.
  rewrite extended_dot_finite by (apply L; simpl; auto). simpl. rewrite IH by (intros; apply L; simpl; auto). reflexivity.
Qed.
Lemma length_padded n h : length (weights (padded n h)) = n.
Proof. simpl. now rewrite map_length, seq_length. Qed.
Lemma nth_nil {A} (d : A) i : nth i [] d = d.
Proof. now destruct i. Qed.
Lemma dot_padded x : forall a, dot (map (fun i => nth i a 0) (seq 0 (length x))) x == dot a x.
Proof.
  induction x as [|y x IH]; intros a; [destruct a; reflexivity|].
  cbn [length seq map dot]. rewrite <- seq_shift, map_map. destruct a as [|p a].
  - rewrite (map_ext (fun i => nth (S i) [] 0) (fun i => nth i [] 0)) by (intros []; reflexivity).
    rewrite IH. simpl. ring.
  - simpl. now rewrite IH.
Qed.
Lemma value_padded h x : value (padded (length x) h) x == value h x.
Proof. unfold value; simpl. now rewrite dot_padded. Qed.

(** ** The second layer *)
Lemma dot_app a : forall x b y, length a = length x -> dot (a ++ b) (x ++ y) == dot a x + dot b y.
Proof.
  induction a as [|p a IH]; intros [|q x] b y L; simpl in *; try discriminate; [ring|].
  rewrite IH by lia. ring.
Qed.
Lemma extended_dot_app a b s : forall x y, length a = length x -> extended_dot b y = Some s ->
  match s with
  | finite t => exists u, extended_dot (map finite a ++ b) (map finite x ++ y) = Some (finite u) /\ u == dot a x + t
  | _ => extended_dot (map finite a ++ b) (map finite x ++ y) = Some s
  end.
Proof.
  induction a as [|p a IH]; intros [|q x] y L H; simpl in *; try discriminate.
  - destruct s; rewrite H; try reflexivity. eexists. split; [reflexivity|]. ring.
  - specialize (IH x y ltac:(lia) H). destruct s as [t| |].
    + destruct IH as (u & -> & E). eexists. split; [reflexivity|]. rewrite E. ring.
    + now rewrite IH.
    + now rewrite IH.
Qed.

Lemma infinite_times_nonnegative v : 0 <= v ->
  infinite_times false v = if at_most v 0 then finite 0 else minus_infinity.
Proof. unfold infinite_times. intros ->. now destruct (at_most v 0). Qed.

Lemma gates_dot blocking (v : nat -> K) l : (forall i, 0 <= v i) ->
  exists s, extended_dot (map extended_weight (map (fun i => if member i blocking then MinusInfinity else Finite 0) l))
                         (map finite (map v l)) = Some s
  /\ if forallb (fun i => negb (member i blocking) || at_most (v i) 0) l
     then exists z, s = finite z /\ z == 0 else s = minus_infinity.
Proof.
  intros N. induction l as [|i l IH]; simpl.
  - exists (finite 0). split; [reflexivity|]. exists 0. split; reflexivity.
  - destruct IH as (s & -> & C). destruct (member i blocking); simpl.
    + rewrite (infinite_times_nonnegative _ (N i)). destruct (at_most (v i) 0); simpl.
      * destruct (forallb _ l); [destruct C as (z & -> & E)|subst s]; simpl; eexists; (split; [reflexivity|]);
          [|reflexivity]. exists (0 + z). split; [reflexivity|]. rewrite E. ring.
      * destruct (forallb _ l); [destruct C as (z & -> & E)|subst s]; simpl; eexists; split; reflexivity.
    + destruct (forallb _ l); [destruct C as (z & -> & E)|subst s]; simpl; eexists; (split; [reflexivity|]);
        [|reflexivity]. eexists. split; [reflexivity|]. rewrite E. ring.
Qed.

Lemma list_by_index {A} (d : A) l : l = map (fun i => nth i l d) (seq 0 (length l)).
Proof. induction l as [|a l IH]; simpl; [reflexivity|]. now rewrite <- seq_shift, map_map, <- IH. Qed.
Lemma member_true i l : member i l = true <-> In i l.
Proof.
  unfold member. rewrite existsb_exists. split.
  - intros (j & H & E). apply Nat.eqb_eq in E. now subst.
  - intros H. exists i. split; [exact H | apply Nat.eqb_refl].
Qed.
Lemma relu_closed z : at_most (relu z) 0 = at_most z 0.
Proof.
  destruct (at_most z 0) eqn:E.
  - rewrite (relu_inactive z E). apply at_most_refl.
  - now rewrite (relu_active z (not_at_most _ _ E)).
Qed.

Section At_a_point.
Variables (units : list form) (x : vector).
Let n := length x.

Lemma padded_value h : value (padded n h) x == value h x.
Proof. apply value_padded. Qed.

Definition unit_value (i : nat) : K := relu (value (padded n (nth i units zero_form)) x).

Lemma gates_are_open e :
  forallb (fun i => negb (member i (gates e)) || at_most (unit_value i) 0) (seq 0 (length units)) = open units e x.
Proof.
  apply eq_true_iff_eq. unfold open, unit_value. rewrite !forallb_forall. split; intros H i I.
  - destruct (Nat.lt_ge_cases i (length units)) as [L|L].
    + specialize (H i ltac:(apply in_seq; lia)). apply member_true in I. rewrite I in H. simpl in H.
      now rewrite relu_closed, padded_value in H.
    + rewrite nth_overflow by exact L. rewrite value_zero. apply at_most_refl.
  - destruct (member i (gates e)) eqn:M; [|reflexivity]. apply member_true in M. simpl.
    rewrite relu_closed. rewrite padded_value. now apply H.
Qed.

Lemma dot_pairs (a : nat -> K) l :
  dot (flat_map (fun i => [a i; - a i]) l)
      (map relu (values (map (padded n) (flat_map (fun i => [coordinate i; opposite (coordinate i)]) l)) x))
  == sum (fun i => a i * nth i x 0) l.
Proof.
  induction l as [|i l IH]; [reflexivity|].
  change (a i * relu (value (padded n (coordinate i)) x)
          + (- a i * relu (value (padded n (opposite (coordinate i))) x)
             + dot (flat_map (fun i => [a i; - a i]) l)
                 (map relu (values (map (padded n) (flat_map (fun i => [coordinate i; opposite (coordinate i)]) l)) x)))
          == a i * nth i x 0 + sum (fun i => a i * nth i x 0) l).
  rewrite IH. rewrite !padded_value, value_opposite, value_coordinate.
  rewrite <- (relu_difference (nth i x 0)) at 3. ring.
Qed.
Lemma sum_products : forall a, sum (fun i => nth i a 0 * nth i x 0) (seq 0 n) == dot a x.
Proof.
  unfold n. induction x as [|y r IH]; intros a; [destruct a; reflexivity|].
  cbn [length seq sum]. rewrite <- seq_shift, sum_map. destruct a as [|p a].
  - rewrite (sum_same _ (fun i => nth i [] 0 * nth i r 0)) by (intros [] _; reflexivity). rewrite IH. simpl. ring.
  - simpl. now rewrite IH.
Qed.

Definition first_values : vector := map relu (values (map (padded n) (pass_through n ++ units)) x).
Lemma first_values_split :
  first_values = map relu (values (map (padded n) (pass_through n)) x) ++ map unit_value (seq 0 (length units)).
Proof.
  unfold first_values, values. rewrite !map_app. f_equal.
  rewrite (list_by_index zero_form units) at 1. now rewrite !map_map.
Qed.
Lemma length_pairs {A B} (f g : A -> B) (l : list A) : length (flat_map (fun i => [f i; g i]) l) = (2 * length l)%nat.
Proof. induction l as [|a l IH]; simpl in *; lia. Qed.

Lemma gated_unit_value e h :
  exists z, option_map extended_relu (extended_value (gated_row (gated_unit n (length units) (gates e) h)) (map finite first_values))
            = Some (finite z) /\ z == (if open units e x then relu (value h x) else 0).
Proof.
  rewrite first_values_split. unfold extended_value, gated_row; simpl.
  rewrite !map_app, map_map with (g := extended_weight). change (map (fun a => extended_weight (Finite a))) with (map finite).
  destruct (gates_dot (gates e) unit_value (seq 0 (length units)) (fun i => relu_nonnegative _)) as (s & D & C).
  assert (L : length (pass_weights n h) = length (map relu (values (map (padded n) (pass_through n)) x))).
  { unfold values, pass_weights, pass_through. rewrite !map_length, !length_pairs. reflexivity. }
  pose proof (extended_dot_app _ _ _ _ _ L D) as E. rewrite gates_are_open in C. unfold gate_weights.
  destruct (open units e x).
  - destruct C as (z & -> & Z). destruct E as (u & -> & U). simpl. eexists. split; [reflexivity|].
    apply relu_proper. unfold pass_weights, pass_through in U.
    rewrite U, (dot_pairs (fun i => nth i (weights h) 0)), sum_products, Z. unfold value. ring.
  - subst s. rewrite E. simpl. eexists. split; reflexivity.
Qed.

Definition entry_values (e : entry) : vector :=
  flat_map (fun h => if open units e x then [relu (value h x); relu (- value h x)] else [0; 0]) (maps e).

Lemma second_layer_app rows more u v :
  option_map (map extended_relu) (extended_layer rows (map finite first_values)) = Some (map finite u) ->
  option_map (map extended_relu) (extended_layer more (map finite first_values)) = Some (map finite v) ->
  option_map (map extended_relu) (extended_layer (rows ++ more) (map finite first_values)) = Some (map finite (u ++ v)).
Proof.
  revert u. induction rows as [|h rows IH]; simpl; intros u H G.
  - injection H as H. destruct u; [exact G | discriminate].
  - destruct (extended_value h _) as [t|]; [|discriminate].
    destruct (extended_layer rows _) as [ts|]; [|discriminate]. injection H as H.
    destruct u as [|a u]; [discriminate|]. injection H as Ha Hu.
    specialize (IH u (f_equal Some Hu) G). destruct (extended_layer (rows ++ more) _) as [ws|]; [|discriminate].
    injection IH as IH. simpl. now rewrite Ha, IH.
Qed.

Lemma entry_layer e maps' :
  exists v, option_map (map extended_relu) (extended_layer (map gated_row
     (flat_map (fun h => [gated_unit n (length units) (gates e) h; gated_unit n (length units) (gates e) (opposite h)]) maps'))
     (map finite first_values)) = Some (map finite v)
  /\ v ~~ flat_map (fun h => if open units e x then [relu (value h x); relu (- value h x)] else [0; 0]) maps'.
Proof.
  induction maps' as [|h r IH].
  - exists []. split; [reflexivity | constructor].
  - destruct IH as (v & E & V). destruct (gated_unit_value e h) as (p & P & P').
    destruct (gated_unit_value e (opposite h)) as (q & Q & Q').
    exists (p :: q :: v). simpl. split.
    + destruct (extended_value (gated_row (gated_unit n (length units) (gates e) h)) _) as [s|]; [|discriminate].
      destruct (extended_value (gated_row (gated_unit n (length units) (gates e) (opposite h))) _) as [t|]; [|discriminate].
      destruct (extended_layer _ _) as [ts|]; [|discriminate]. injection P as P. injection Q as Q. injection E as E.
      simpl. now rewrite P, Q, E.
    + simpl. destruct (open units e x); [rewrite value_opposite in Q'|]; simpl; repeat constructor; auto.
Qed.

Lemma second_layer entries :
  exists v, option_map (map extended_relu) (extended_layer (map gated_row (flat_map (units_of_entry n (length units)) entries))
     (map finite first_values)) = Some (map finite v) /\ v ~~ flat_map entry_values entries.
Proof.
  induction entries as [|e entries IH].
  - exists []. split; [reflexivity | constructor].
  - destruct IH as (v & E & V). destruct (entry_layer e (maps e)) as (u & H & U).
    exists (u ++ v). split; [|simpl; now apply Forall2_app].
    simpl. rewrite map_app. apply second_layer_app; assumption.
Qed.

(** ** The third layer *)
Lemma dot_flat_map {A} (f g : A -> vector) l : (forall a, In a l -> length (f a) = length (g a)) ->
  dot (flat_map f l) (flat_map g l) == sum (fun a => dot (f a) (g a)) l.
Proof.
  induction l as [|a l IH]; intros L; simpl; [reflexivity|].
  rewrite dot_app by (apply L; simpl; auto). rewrite IH by (intros; apply L; simpl; auto). reflexivity.
Qed.

Lemma output_of_maps o w (g : form -> K) maps' : forall k,
  dot (flat_map (fun p => if Nat.eqb o p then [w; - w] else [0; 0]) (seq k (length maps')))
      (flat_map (fun h => [relu (g h); relu (- g h)]) maps')
  == if Nat.ltb o k then 0 else if Nat.ltb o (k + length maps') then w * g (nth (o - k) maps' zero_form) else 0.
Proof.
  induction maps' as [|h r IH]; intros k; cbn [length seq flat_map].
  - simpl. destruct (Nat.ltb_spec o k), (Nat.ltb_spec o (k + 0)); try reflexivity; lia.
  - rewrite (dot_app (if Nat.eqb o k then [w; - w] else [0; 0]) [relu (g h); relu (- g h)]) by now destruct (Nat.eqb o k).
    rewrite IH. destruct (Nat.eqb_spec o k) as [->|N].
    + rewrite Nat.sub_diag. assert (A : Nat.ltb k (S k) = true) by (apply Nat.ltb_lt; lia). rewrite A.
      assert (B : Nat.ltb k k = false) by (apply Nat.ltb_ge; lia). rewrite B.
      assert (C : Nat.ltb k (k + S (length r)) = true) by (apply Nat.ltb_lt; lia). rewrite C. simpl.
      rewrite <- (relu_difference (g h)) at 3. ring.
    + cbn [dot]. destruct (Nat.ltb_spec o (S k)), (Nat.ltb_spec o k); try lia; try ring.
      replace (k + S (length r))%nat with (S k + length r)%nat by lia.
      destruct (Nat.ltb_spec o (S k + length r)); [|ring].
      replace (o - k)%nat with (S (o - S k)) by lia. cbn [nth]. ring.
Qed.
Lemma output_of_zeros o w (maps' : list form) : forall k,
  dot (flat_map (fun p => if Nat.eqb o p then [w; - w] else [0; 0]) (seq k (length maps')))
      (flat_map (fun _ => [0; 0]) maps') == 0.
Proof.
  induction maps' as [|h r IH]; intros k; cbn [length seq flat_map]; [reflexivity|].
  rewrite (dot_app (if Nat.eqb o k then [w; - w] else [0; 0]) [0; 0]) by now destruct (Nat.eqb o k).
  rewrite IH. destruct (Nat.eqb o k); simpl; ring.
Qed.

Lemma output_of_entry o e : dot (output_weights o e) (entry_values e) == contribution units x o e.
Proof.
  unfold output_weights, entry_values, contribution. destruct (open units e x).
  - rewrite (output_of_maps o (sign e) (fun h => value h x) (maps e) 0). simpl. rewrite Nat.sub_0_r.
    destruct (Nat.ltb_spec o (length (maps e))); [reflexivity|].
    rewrite nth_overflow by assumption. rewrite value_zero. ring.
  - apply output_of_zeros.
Qed.

Lemma length_output_weights o e : length (output_weights o e) = length (entry_values e).
Proof.
  unfold output_weights, entry_values. generalize 0%nat. destruct (open units e x); induction (maps e) as [|h r IH];
    intros k; simpl; try reflexivity; rewrite app_length, IH; now destruct (Nat.eqb o k).
Qed.
Lemma length_flat_map_same {A} (f g : A -> vector) l : (forall a, length (f a) = length (g a)) ->
  length (flat_map f l) = length (flat_map g l).
Proof. intros H. induction l as [|a l IH]; simpl; [reflexivity|]. now rewrite !app_length, H, IH. Qed.

(** The network is defined at x, and its outputs are the sums of the contributions of the entries. *)
Theorem three_layer_value m entries :
  exists y, evaluate (three_layer_of n m units entries) x = Some (map finite y) /\ y ~~ sums m units entries x.
Proof.
  unfold evaluate, three_layer_of; cbn [first second third].
  rewrite finite_layer by (intros h H; apply in_map_iff in H as (g & <- & _); apply length_padded).
  rewrite map_map. change (fun a => extended_relu (finite a)) with (fun a => finite (relu a)).
  rewrite <- (map_map relu finite). change (map relu (values _ x)) with first_values.
  destruct (second_layer entries) as (v & E & V).
  destruct (extended_layer (map gated_row _) _) as [ts|]; [|discriminate]. injection E as ->.
  assert (L : length v = length (flat_map entry_values entries)) by (eapply same_length; exact V).
  rewrite finite_layer.
  2: { intros h H. apply in_map_iff in H as (o & <- & _). simpl. rewrite L.
       apply length_flat_map_same, length_output_weights. }
  eexists. split; [reflexivity|]. unfold sums, values. rewrite map_map. apply same_map. intros o _.
  rewrite (value_same _ _ _ V). unfold value; simpl.
  rewrite dot_flat_map by (intros; apply length_output_weights).
  rewrite (sum_same _ _ entries (fun e _ => output_of_entry o e)). ring.
Qed.
End At_a_point.
End Construction.
