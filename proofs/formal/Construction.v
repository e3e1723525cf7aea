(** The three-layer network made of gated units, and what it computes.

    A unit of layer 2 has an affine form of the input, multiples of units of layer 1, and gates: units of layer 1 that close
    it with weight -inf. At x it counts just where its gates are all 0. *)
From Coq Require Import List Bool Setoid Morphisms Ring PeanoNat Lia.
From Verishallow Require Import OrderedRing Network Forms.
Import ListNotations.

Module Construction (Ring : ORDERED_RING).
Module Export Forms := Forms Ring.
Add Ring KRing : ring (setoid equivalence ring_extension).

(** Units of layer 1 have numbers; [into] has the weight in each output. *)
Record unit := Unit { gates : list nat; payload : form; feeds : list (nat * K); into : vector }.

(** ** The network *)
Definition padded (n : nat) (h : form) : form := Form (map (fun i => nth i (weights h) 0) (seq 0 n)) (bias h).
Definition pass_through (n : nat) : list form := flat_map (fun i => [coordinate i; opposite (coordinate i)]) (seq 0 n).
Definition pass_weights (n : nat) (h : form) : vector :=
  flat_map (fun i => [nth i (weights h) 0; - nth i (weights h) 0]) (seq 0 n).
Definition member (i : nat) (l : list nat) : bool := existsb (Nat.eqb i) l.
Fixpoint sum {A} (g : A -> K) (l : list A) : K := match l with [] => 0 | a :: r => g a + sum g r end.
Definition coefficient (i : nat) (l : list (nat * K)) : K := sum (fun p => if Nat.eqb i (fst p) then snd p else 0) l.
Definition unit_weights (number : nat) (u : unit) : list weight :=
  map (fun i => if member i (gates u) then MinusInfinity else Finite (coefficient i (feeds u))) (seq 0 number).
Definition gated_unit (n number : nat) (u : unit) : gated :=
  Gated (map Finite (pass_weights n (payload u)) ++ unit_weights number u) (bias (payload u)).

(** n inputs, as many outputs as [biases]; [first_units] are the forms of layer 1 beside the pass-through units. *)
Definition network_of (n : nat) (biases : vector) (first_units : list form) (units : list unit) : three_layer :=
  ThreeLayer (map (padded n) (pass_through n ++ first_units))
             (map (gated_unit n (length first_units)) units)
             (map (fun o => Form (map (fun u => nth o (into u) 0) units) (nth o biases 0)) (seq 0 (length biases))).

(** ** What it computes *)
Definition first_value (first_units : list form) (x : vector) (i : nat) : K := relu (value (nth i first_units zero_form) x).
Definition open (first_units : list form) (x : vector) (u : unit) : bool :=
  forallb (fun i => at_most (value (nth i first_units zero_form) x) 0) (gates u).
Definition pre_value (first_units : list form) (x : vector) (u : unit) : K :=
  value (payload u) x + sum (fun p => snd p * first_value first_units x (fst p)) (feeds u).
Definition unit_value (first_units : list form) (x : vector) (u : unit) : K :=
  if open first_units x u then relu (pre_value first_units x u) else 0.
Definition sums (biases : vector) (first_units : list form) (units : list unit) (x : vector) : vector :=
  map (fun o => nth o biases 0 + sum (fun u => nth o (into u) 0 * unit_value first_units x u) units)
      (seq 0 (length biases)).

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
Lemma sum_add {A} (f g : A -> K) l : sum (fun a => f a + g a) l == sum f l + sum g l.
Proof. induction l as [|a l IH]; simpl; [ring|]. rewrite IH. ring. Qed.
(** A sum in which one number alone counts. *)
Lemma sum_only i (w : K) : forall k number,
  sum (fun j => if Nat.eqb i j then w else 0) (seq k number) == if Nat.leb k i && Nat.ltb i (k + number) then w else 0.
Proof.
  intros k number. revert k. induction number as [|number IH]; intros k; cbn [seq sum].
  - destruct (Nat.leb_spec k i), (Nat.ltb_spec i (k + 0)); cbn [andb]; try reflexivity; lia.
  - rewrite IH. destruct (Nat.eqb_spec i k) as [->|NE].
    + assert (A : Nat.leb (S k) k = false) by (apply Nat.leb_gt; lia). assert (B : Nat.leb k k = true) by now apply Nat.leb_le.
      assert (C : Nat.ltb k (k + S number) = true) by (apply Nat.ltb_lt; lia). rewrite A, B, C. cbn [andb]. ring.
    + destruct (Nat.leb_spec (S k) i), (Nat.leb_spec k i), (Nat.ltb_spec i (S k + number)), (Nat.ltb_spec i (k + S number));
        cbn [andb]; try lia; ring.
Qed.

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

Lemma gates_dot blocking (w v : nat -> K) l : (forall i, 0 <= v i) ->
  exists s, extended_dot (map extended_weight (map (fun i => if member i blocking then MinusInfinity else Finite (w i)) l))
                         (map finite (map v l)) = Some s
  /\ if forallb (fun i => negb (member i blocking) || at_most (v i) 0) l
     then exists z, s = finite z /\ z == sum (fun i => w i * v i) l else s = minus_infinity.
Proof.
  intros N. induction l as [|i l IH]; simpl.
  - exists (finite 0). split; [reflexivity|]. exists 0. split; reflexivity.
  - destruct IH as (s & -> & C). destruct (member i blocking); simpl.
    + rewrite (infinite_times_nonnegative _ (N i)). destruct (at_most (v i) 0) eqn:Z; simpl.
      * destruct (forallb _ l); [destruct C as (z & -> & E)|subst s]; simpl; eexists; (split; [reflexivity|]);
          [|reflexivity]. exists (0 + z). split; [reflexivity|]. rewrite E, (antisymmetric _ _ Z (N i)). ring.
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
Variables (first_units : list form) (x : vector).
Let n := length x.

Lemma padded_value h : value (padded n h) x == value h x.
Proof. apply value_padded. Qed.

Definition padded_first (i : nat) : K := relu (value (padded n (nth i first_units zero_form)) x).
Lemma padded_first_value i : padded_first i == first_value first_units x i.
Proof. apply relu_proper, padded_value. Qed.

Lemma gates_are_open u :
  forallb (fun i => negb (member i (gates u)) || at_most (padded_first i) 0) (seq 0 (length first_units)) = open first_units x u.
Proof.
  apply eq_true_iff_eq. unfold open, padded_first. rewrite !forallb_forall. split; intros H i I.
  - destruct (Nat.lt_ge_cases i (length first_units)) as [L|L].
    + specialize (H i ltac:(apply in_seq; lia)). apply member_true in I. rewrite I in H. simpl in H.
      now rewrite relu_closed, padded_value in H.
    + rewrite nth_overflow by exact L. rewrite value_zero. apply at_most_refl.
  - destruct (member i (gates u)) eqn:M; [|reflexivity]. apply member_true in M. simpl.
    rewrite relu_closed, padded_value. now apply H.
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

(** Sums over what a unit reads of layer 1: by unit of layer 1, or by what is listed. *)
Lemma zero_first_value i : (length first_units <= i)%nat -> first_value first_units x i == 0.
Proof. intros L. unfold first_value. rewrite nth_overflow by exact L. rewrite value_zero. apply relu_inactive, at_most_refl. Qed.
Lemma sum_of_coefficients l :
  sum (fun i => coefficient i l * padded_first i) (seq 0 (length first_units))
  == sum (fun p => snd p * first_value first_units x (fst p)) l.
Proof.
  induction l as [|[i k] l IH].
  - simpl. apply sum_zero. intros i _. unfold coefficient. simpl. ring.
  - simpl. rewrite <- IH.
    rewrite (sum_same _ (fun j => (if Nat.eqb i j then k * padded_first i else 0) + coefficient j l * padded_first j)).
    + rewrite sum_add. apply add_proper; [|reflexivity]. rewrite sum_only. simpl.
      destruct (Nat.ltb_spec i (length first_units)) as [L|L]; [now rewrite padded_first_value|].
      rewrite (zero_first_value i L). ring.
    + intros j _. unfold coefficient. simpl. rewrite (Nat.eqb_sym j i). destruct (Nat.eqb_spec i j) as [->|N]; ring.
Qed.

Definition first_values : vector := map relu (values (map (padded n) (pass_through n ++ first_units)) x).
Lemma first_values_split :
  first_values = map relu (values (map (padded n) (pass_through n)) x) ++ map padded_first (seq 0 (length first_units)).
Proof.
  unfold first_values, values. rewrite !map_app. f_equal.
  rewrite (list_by_index zero_form first_units) at 1. now rewrite !map_map.
Qed.
Lemma length_pairs {A B} (f g : A -> B) (l : list A) : length (flat_map (fun i => [f i; g i]) l) = (2 * length l)%nat.
Proof. induction l as [|a l IH]; simpl in *; lia. Qed.

Lemma gated_unit_value u :
  exists z, option_map extended_relu (extended_value (gated_row (gated_unit n (length first_units) u)) (map finite first_values))
            = Some (finite z) /\ z == unit_value first_units x u.
Proof.
  rewrite first_values_split. unfold extended_value, gated_row; simpl.
  rewrite !map_app, map_map with (g := extended_weight). change (map (fun a => extended_weight (Finite a))) with (map finite).
  destruct (gates_dot (gates u) (fun i => coefficient i (feeds u)) padded_first (seq 0 (length first_units))
              (fun i => relu_nonnegative _)) as (s & D & C).
  assert (L : length (pass_weights n (payload u)) = length (map relu (values (map (padded n) (pass_through n)) x))).
  { unfold values, pass_weights, pass_through. rewrite !map_length, !length_pairs. reflexivity. }
  pose proof (extended_dot_app _ _ _ _ _ L D) as E. rewrite gates_are_open in C. unfold unit_weights, unit_value.
  destruct (open first_units x u).
  - destruct C as (z & -> & Z). destruct E as (v & -> & V). simpl. eexists. split; [reflexivity|].
    apply relu_proper. unfold pass_weights, pass_through in V.
    rewrite V, (dot_pairs (fun i => nth i (weights (payload u)) 0)), sum_products, Z, sum_of_coefficients.
    unfold pre_value, value. ring.
  - subst s. rewrite E. simpl. eexists. split; reflexivity.
Qed.

Lemma second_layer units :
  exists v, option_map (map extended_relu) (extended_layer (map gated_row (map (gated_unit n (length first_units)) units))
     (map finite first_values)) = Some (map finite v) /\ v ~~ map (unit_value first_units x) units.
Proof.
  induction units as [|u units IH].
  - exists []. split; [reflexivity | constructor].
  - destruct IH as (v & E & V). destruct (gated_unit_value u) as (z & H & Z). exists (z :: v).
    split; [|constructor; assumption]. simpl.
    destruct (extended_value (gated_row (gated_unit n (length first_units) u)) _) as [s|]; [|discriminate].
    destruct (extended_layer _ _) as [ts|]; [|discriminate]. injection H as H. injection E as E. simpl. now rewrite H, E.
Qed.

Lemma dot_maps {A} (f g : A -> K) l : dot (map f l) (map g l) == sum (fun a => f a * g a) l.
Proof. induction l as [|a l IH]; simpl; [reflexivity|]. now rewrite IH. Qed.

(** The network is defined at x, and its outputs are the sums over its units. *)
Theorem network_value biases units :
  exists y, evaluate (network_of n biases first_units units) x = Some (map finite y) /\ y ~~ sums biases first_units units x.
Proof.
  unfold evaluate, network_of; cbn [first second third].
  rewrite finite_layer by (intros h H; apply in_map_iff in H as (g & <- & _); apply length_padded). cbn [bind].
  rewrite (map_map finite extended_relu). change (fun a => extended_relu (finite a)) with (fun a => finite (relu a)).
  rewrite <- (map_map relu finite). change (map relu (values _ x)) with first_values.
  destruct (second_layer units) as (v & E & V).
  destruct (extended_layer (map gated_row _) _) as [ts|]; [|discriminate]. cbn [bind]. injection E as ->.
  assert (L : length v = length units) by (apply same_length in V; now rewrite map_length in V).
  rewrite finite_layer.
  2: { intros h H. apply in_map_iff in H as (o & <- & _). simpl. now rewrite map_length. }
  eexists. split; [reflexivity|]. unfold sums, values. rewrite map_map. apply same_map. intros o _.
  rewrite (value_same _ _ _ V). unfold value; simpl. rewrite dot_maps. ring.
Qed.
End At_a_point.
End Construction.
