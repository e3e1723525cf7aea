(** Face sets (Lemma 6): the listed ones, with signs, count a point just where no boundary row vanishes. *)
From Coq Require Import List Bool QArith PeanoNat Lia Lqa Permutation.
From Verishallow Require Import OrderedRing Network Forms Construction Entries Shallow Rationals Certificate Reasons.
Import ListNotations.
Open Scope Q_scope.

(** ** Increasing lists *)
Lemma increasing_cons a l : increasing (a :: l) = true -> (forall b, In b l -> (a < b)%nat) /\ increasing l = true.
Proof.
  revert a. induction l as [|b l IH]; intros a H; [easy|]. simpl in H. apply andb_true_iff in H as [L H].
  apply Nat.ltb_lt in L. split; [|exact H]. intros c [<-|I]; [exact L|].
  destruct (IH b H) as [K _]. specialize (K c I). lia.
Qed.
Lemma increasing_intro a l : (forall b, In b l -> (a < b)%nat) -> increasing l = true -> increasing (a :: l) = true.
Proof.
  intros H G. destruct l as [|b l]; [reflexivity|]. simpl. apply andb_true_iff. split; [|exact G].
  apply Nat.ltb_lt, H. now left.
Qed.
Lemma increasing_filter p l : increasing l = true -> increasing (filter p l) = true.
Proof.
  induction l as [|a l IH]; intros H; [reflexivity|]. apply increasing_cons in H as [L H]. simpl.
  destruct (p a); [|auto]. apply increasing_intro; [|auto]. intros b I. apply L. now apply filter_In in I as [I _].
Qed.
Lemma increasing_NoDup l : increasing l = true -> NoDup l.
Proof.
  induction l as [|a l IH]; intros H; constructor; apply increasing_cons in H as [L H]; auto.
  intros I. specialize (L a I). lia.
Qed.
Lemma increasing_app_inv a b : increasing (a ++ [b]) = true -> increasing a = true /\ forall i, In i a -> (i < b)%nat.
Proof.
  induction a as [|c a IH]; intros H; [easy|]. simpl app in H. apply increasing_cons in H as [L H].
  destruct (IH H) as [A B]. split.
  - apply increasing_intro; [|exact A]. intros d I. apply L, in_or_app. now left.
  - intros i [<-|I]; [apply L, in_or_app; right; now left | auto].
Qed.

(** ** Sublists *)
Fixpoint sublists (l : list nat) : list (list nat) :=
  match l with [] => [[]] | a :: r => map (cons a) (sublists r) ++ sublists r end.
Lemma sublists_incl t : forall l, In t (sublists l) -> incl t l.
Proof.
  intros l. revert t. induction l as [|a l IH]; simpl; intros t H.
  - destruct H as [<-|[]]. apply incl_refl.
  - apply in_app_or in H as [H|H].
    + apply in_map_iff in H as (s & <- & H). apply incl_cons; [now left|]. apply incl_tl. auto.
    + apply incl_tl. auto.
Qed.
Lemma sublists_increasing l : increasing l = true -> forall t, In t (sublists l) -> increasing t = true.
Proof.
  induction l as [|a l IH]; simpl sublists; intros H t I.
  - destruct I as [<-|[]]. reflexivity.
  - apply increasing_cons in H as [L H]. apply in_app_or in I as [I|I]; [|auto].
    apply in_map_iff in I as (s & <- & I). apply increasing_intro; [|auto].
    intros b B. apply L. now apply (sublists_incl s l I).
Qed.
Lemma in_sublists l : increasing l = true -> forall t, increasing t = true -> incl t l -> In t (sublists l).
Proof.
  induction l as [|a l IH]; intros H t T I.
  - destruct t as [|b t]; [now left|]. destruct (I b ltac:(now left)).
  - apply increasing_cons in H as [L H]. simpl. apply in_or_app. destruct t as [|b t].
    + right. apply IH; auto. intros c [].
    + pose proof (increasing_cons _ _ T) as [M T']. destruct (Nat.eq_dec a b) as [<-|N].
      * left. apply in_map, IH; auto. intros c C. destruct (I c ltac:(now right)) as [<-|K]; [|exact K].
        specialize (M a C). lia.
      * right. apply IH; auto. intros c C. destruct (I c C) as [<-|K]; [|exact K]. exfalso.
        destruct (I b ltac:(now left)) as [E|K]; [congruence|]. specialize (L b K).
        destruct C as [C|C]; [congruence|]. specialize (M a C). lia.
Qed.
Lemma NoDup_app_disjoint {A} (a b : list A) : NoDup a -> NoDup b -> (forall t, In t a -> ~ In t b) -> NoDup (a ++ b).
Proof.
  induction 1 as [|t a N D IH]; intros H K; [exact H|]. simpl. constructor.
  - rewrite in_app_iff. intros [I|I]; [auto|]. apply (K t); [now left | exact I].
  - apply IH; auto. intros s I. apply K. now right.
Qed.
Lemma sublists_NoDup l : NoDup l -> NoDup (sublists l).
Proof.
  induction 1 as [|a l N D IH]; simpl; [repeat constructor; easy|].
  apply NoDup_app_disjoint; [|exact IH|].
  - apply FinFun.Injective_map_NoDup; [|exact IH]. intros s t E. now injection E.
  - intros t I J. apply in_map_iff in I as (s & <- & I). apply N. apply (sublists_incl _ _ J). now left.
Qed.

(** ** Signs *)
Definition face_weight (t : list nat) : Q := if Nat.odd (length t) then - (1) else 1.
Lemma face_weight_cons a t : face_weight (a :: t) == - face_weight t.
Proof. unfold face_weight. cbn [length]. rewrite Nat.odd_succ, <- Nat.negb_odd. destruct (Nat.odd (length t)); simpl; lra. Qed.
Lemma alternating l : sum face_weight (sublists l) == match l with [] => 1 | _ => 0 end.
Proof.
  destruct l as [|a l]; [simpl; unfold face_weight; simpl; over_q; lra|]. simpl sublists.
  pose proof (sum_app face_weight (map (cons a) (sublists l)) (sublists l)) as E. over_q. rewrite E, sum_map.
  pose proof (sum_same (fun t => face_weight (a :: t)) (fun t => - (1) * face_weight t) (sublists l)) as F.
  over_q. rewrite F by (intros t _; rewrite face_weight_cons; lra).
  pose proof (sum_scaled (- (1)) face_weight (sublists l)) as G. over_q. rewrite G. lra.
Qed.
Lemma sum_permutation {A} (g : A -> Q) a b : Permutation a b -> sum g a == sum g b.
Proof. induction 1; simpl; over_q; lra. Qed.
Lemma sum_filter {A} (p : A -> bool) (g : A -> Q) l : sum (fun t => if p t then g t else 0) l == sum g (filter p l).
Proof. induction l as [|t l IH]; simpl; over_q; [lra|]. destruct (p t); simpl; over_q; lra. Qed.

(** ** Listed sets are different *)
Lemma same_face_eq a : forall b, same_face a b = true <-> a = b.
Proof.
  unfold same_face. induction a as [|p a IH]; intros [|q b]; simpl; try easy.
  rewrite andb_true_iff, Nat.eqb_eq, IH. split; [intros [-> ->]; reflexivity | intros E; now injection E].
Qed.
Lemma listed_iff f l : listed f l = true <-> In f l.
Proof.
  unfold listed. rewrite existsb_exists. split.
  - intros (g & I & E). apply same_face_eq in E. now subst.
  - intros I. exists f. split; [exact I | now apply same_face_eq].
Qed.
Lemma lexicographic_trans a : forall b c, lexicographic a b = true -> lexicographic b c = true -> lexicographic a c = true.
Proof.
  induction a as [|p a IH]; intros [|q b] [|r c]; simpl; try easy.
  rewrite !orb_true_iff, !andb_true_iff, !Nat.ltb_lt, !Nat.eqb_eq.
  intros [H|[-> H]] [G|[-> G]]; [left; lia | left; lia | left; lia | right; split; [lia|eauto]].
Qed.
Lemma lexicographic_irrefl a : lexicographic a a = false.
Proof.
  induction a as [|p a IH]; [reflexivity|]. simpl. rewrite IH, andb_false_r, orb_false_r. apply Nat.ltb_irrefl.
Qed.
Lemma face_before_trans a b c : face_before a b = true -> face_before b c = true -> face_before a c = true.
Proof.
  unfold face_before. rewrite !orb_true_iff, !andb_true_iff, !Nat.ltb_lt, !Nat.eqb_eq.
  intros [H|[H L]] [G|[G M]]; [left; lia | left; lia | left; lia | right; split; [lia|]].
  eapply lexicographic_trans; eauto.
Qed.
Lemma in_order_NoDup l : in_order face_before l = true -> NoDup l.
Proof.
  assert (K : forall l a, in_order face_before (a :: l) = true -> forall b, In b l -> face_before a b = true).
  { clear l. induction l as [|c l IH]; intros a H b I; [easy|]. simpl in H. apply andb_true_iff in H as [A H].
    destruct I as [<-|I]; [exact A|]. eapply face_before_trans; [exact A|]. now apply IH. }
  induction l as [|a l IH]; intros H; constructor.
  - intros I. specialize (K l a H a I). unfold face_before in K.
    rewrite Nat.ltb_irrefl, Nat.eqb_refl, lexicographic_irrefl in K. discriminate.
  - apply IH. destruct l; [reflexivity|]. now apply andb_true_iff in H as [_ H].
Qed.

(** ** Lemma 6 *)
Section Lemma_6.
Variables (b : list nat) (faces absent : list (list nat)) (vanishes : nat -> bool).
Hypothesis increasing_b : increasing b = true.
Hypothesis fits : faces_fit b faces absent = true.
Hypothesis absent_empty : forall t, In t absent -> forallb vanishes t = false.

Lemma fits_parts : In [] faces /\ NoDup faces
  /\ (forall t, In t faces -> increasing t = true /\ incl t b) /\ complete b faces absent = true.
Proof.
  unfold faces_fit in fits. rewrite !andb_true_iff in fits. destruct fits as [[[[[A B] _] C] _] D]. repeat split.
  - destruct faces as [|[|] ?]; try discriminate. now left.
  - now apply in_order_NoDup.
  - rewrite forallb_forall in C. specialize (C t H). unfold is_face in C. now rewrite !andb_true_iff in C.
  - rewrite forallb_forall in C. specialize (C t H). unfold is_face in C. rewrite !andb_true_iff, forallb_forall in C.
    intros j J. apply member_true. now apply C.
  - exact D.
Qed.

(** Every set of vanishing rows is listed: none of its subsets is absent. *)
Lemma vanishing_listed : forall size t, length t = size -> increasing t = true -> incl t b -> forallb vanishes t = true ->
  In t faces.
Proof.
  destruct fits_parts as (nil_listed & _ & _ & C). unfold complete in C. rewrite forallb_forall in C.
  induction size as [size IH] using lt_wf_ind. intros t L T I V.
  destruct t as [|a r] using rev_ind; [exact nil_listed|]. clear IHr.
  destruct (increasing_app_inv r a T) as [R A]. rewrite app_length in L; simpl in L.
  assert (IR : In r faces).
  { apply (IH (length r)); auto; [lia | intros j J; apply I, in_or_app; now left|].
    rewrite forallb_app in V. now apply andb_true_iff in V as [V _]. }
  specialize (C r IR). rewrite forallb_forall in C. specialize (C a ltac:(apply I, in_or_app; right; now left)).
  rewrite !orb_true_iff in C. destruct C as [C|[[C|C]|C]].
  - apply negb_true_iff in C. exfalso.
    assert (F : forallb (fun i => Nat.ltb i a) r = true) by (apply forallb_forall; intros i J; now apply Nat.ltb_lt, A).
    congruence.
  - now apply listed_iff.
  - apply listed_iff, absent_empty in C. congruence.
  - apply negb_true_iff in C. exfalso.
    assert (F : candidate (r ++ [a]) faces = true); [|congruence].
    unfold candidate. apply forallb_forall. intros i J. apply listed_iff.
    apply (IH (length (without i (r ++ [a])))); auto.
    + rewrite <- L. unfold without. clear - J. induction (r ++ [a]) as [|c l IHl] eqn:E; [easy|].
      assert (G : forall (p : nat -> bool) l, (length (filter p l) <= length l)%nat).
      { clear. intros p l. induction l as [|a l IH]; simpl; [lia|]. destruct (p a); simpl; lia. }
      destruct J as [<-|J].
      * simpl. rewrite Nat.eqb_refl. simpl. specialize (G (fun j => negb (Nat.eqb c j)) l). 
        assert (length (c :: l) = length r + 1)%nat by (rewrite <- E, app_length; simpl; lia). simpl in H. lia.
      * assert (K : (length (filter (fun j => negb (Nat.eqb i j)) l) < length l)%nat).
        { clear - J G. induction l as [|d l IH]; [easy|]. simpl. destruct J as [->|J].
          - rewrite Nat.eqb_refl. simpl. specialize (G (fun j => negb (Nat.eqb i j)) l). lia.
          - specialize (IH J). destruct (negb (Nat.eqb i d)); simpl; lia. }
        assert (length (c :: l) = length r + 1)%nat by (rewrite <- E, app_length; simpl; lia). simpl in H.
        simpl. destruct (negb (Nat.eqb i c)); simpl; lia.
    + now apply increasing_filter.
    + intros j K. apply I. unfold without in K. now apply filter_In in K as [K _].
    + rewrite forallb_forall in V |- *. intros j K. apply V. unfold without in K. now apply filter_In in K as [K _].
Qed.

Theorem signed_faces :
  sum (fun t => if forallb vanishes t then face_weight t else 0) faces == if existsb vanishes b then 0 else 1.
Proof.
  destruct fits_parts as (_ & N & F & _). rewrite sum_filter.
  set (zeros := filter vanishes b).
  rewrite (sum_permutation _ _ (sublists zeros)).
  - rewrite alternating. unfold zeros. destruct (existsb vanishes b) eqn:E.
    + apply existsb_exists in E as (j & J & V). assert (K : In j (filter vanishes b)) by now apply filter_In.
      destruct (filter vanishes b); [easy | reflexivity].
    + destruct (filter vanishes b) as [|j l] eqn:G; [reflexivity|]. exfalso.
      assert (K : In j (filter vanishes b)) by (rewrite G; now left). apply filter_In in K as [K V].
      assert (existsb vanishes b = true) by (apply existsb_exists; eauto). congruence.
  - assert (Z : increasing zeros = true) by now apply increasing_filter.
    apply NoDup_Permutation.
    + now apply NoDup_filter.
    + now apply sublists_NoDup, increasing_NoDup.
    + intros t. rewrite filter_In. split.
      * intros [I V]. destruct (F t I) as [T B]. apply in_sublists; auto.
        intros j J. unfold zeros. apply filter_In. split; [auto|]. rewrite forallb_forall in V. auto.
      * intros I. pose proof (sublists_incl _ _ I) as S.
        assert (V : forallb vanishes t = true).
        { apply forallb_forall. intros j J. specialize (S j J). now apply filter_In in S as [_ S]. }
        split; [|exact V]. apply (vanishing_listed (length t)); auto.
        -- now apply (sublists_increasing zeros).
        -- intros j J. specialize (S j J). now apply filter_In in S as [S _].
Qed.
End Lemma_6.
