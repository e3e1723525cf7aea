(** Functions on lists, and for each one, and for those of the standard library that the checker uses, its twin in
    [Tail]: the same function with all calls in tail position, which needs no stack. The definitions and the proofs of the
    checker are about the plain ones; the program has the others in their place (Extraction.v). *)
From Coq Require Import List Bool PeanoNat.
Import ListNotations.

(** ** Plain *)
Fixpoint replace {A} (i : nat) (a : A) (l : list A) : list A :=
  match l, i with [], _ => [] | _ :: r, O => a :: r | b :: r, S j => b :: replace j a r end.
Fixpoint all_some {A} (l : list (option A)) : option (list A) :=
  match l with
  | [] => Some []
  | Some a :: rest => option_map (cons a) (all_some rest)
  | None :: _ => None
  end.
(** [laid a b] joins the entries of a with those of b as far as both go; what is left of b stays, of a is [alone]. *)
Fixpoint laid {A B} (both : A -> B -> B) (alone : A -> B) (a : list A) (b : list B) : list B :=
  match a, b with
  | [], _ => b
  | p :: a', [] => alone p :: laid both alone a' []
  | p :: a', q :: b' => both p q :: laid both alone a' b'
  end.
(** The entries of l, from number i, with labels: those that are [named], in increasing order, by name, others by 0. *)
Fixpoint labelled {A B} (label : nat -> B) (named : list (nat * nat)) (i : nat) (l : list A) : list (A * B) :=
  match l with
  | [] => []
  | a :: rest =>
      match named with
      | (j, k) :: more =>
          if Nat.eqb i j then (a, label k) :: labelled label more (S i) rest
          else (a, label 0) :: labelled label named (S i) rest
      | [] => (a, label 0) :: labelled label [] (S i) rest
      end
  end.

(** ** In tail position: [done] is what was made so far, reversed *)
Fixpoint replace_on {A} (i : nat) (a : A) (l done : list A) : list A :=
  match l, i with
  | [], _ => rev_append done []
  | _ :: r, O => rev_append done (a :: r)
  | b :: r, S j => replace_on j a r (b :: done)
  end.
Fixpoint all_some_on {A} (l : list (option A)) (done : list A) : option (list A) :=
  match l with [] => Some (rev_append done []) | Some a :: r => all_some_on r (a :: done) | None :: _ => None end.
Fixpoint laid_on {A B} (both : A -> B -> B) (alone : A -> B) (a : list A) (b done : list B) : list B :=
  match a, b with
  | [], _ => rev_append done b
  | p :: a', [] => laid_on both alone a' [] (alone p :: done)
  | p :: a', q :: b' => laid_on both alone a' b' (both p q :: done)
  end.
Fixpoint labelled_on {A B} (label : nat -> B) (named : list (nat * nat)) (i : nat) (l : list A) (done : list (A * B))
    : list (A * B) :=
  match l with
  | [] => rev_append done []
  | a :: rest =>
      match named with
      | (j, k) :: more =>
          if Nat.eqb i j then labelled_on label more (S i) rest ((a, label k) :: done)
          else labelled_on label named (S i) rest ((a, label 0) :: done)
      | [] => labelled_on label [] (S i) rest ((a, label 0) :: done)
      end
  end.
Fixpoint length_on {A} (l : list A) (n : nat) : nat := match l with [] => n | _ :: r => length_on r (S n) end.
Fixpoint concat_on {A} (l : list (list A)) (done : list A) : list A :=
  match l with [] => rev_append done [] | a :: r => concat_on r (rev_append a done) end.
Fixpoint map_on {A B} (f : A -> B) (l : list A) (done : list B) : list B :=
  match l with [] => rev_append done [] | a :: r => map_on f r (f a :: done) end.
Fixpoint flat_map_on {A B} (f : A -> list B) (l : list A) (done : list B) : list B :=
  match l with [] => rev_append done [] | a :: r => flat_map_on f r (rev_append (f a) done) end.
Fixpoint filter_on {A} (p : A -> bool) (l done : list A) : list A :=
  match l with [] => rev_append done [] | a :: r => filter_on p r (if p a then a :: done else done) end.
Fixpoint combine_on {A B} (a : list A) (b : list B) (done : list (A * B)) : list (A * B) :=
  match a, b with p :: a', q :: b' => combine_on a' b' ((p, q) :: done) | _, _ => rev_append done [] end.
Fixpoint firstn_on {A} (n : nat) (l done : list A) : list A :=
  match n, l with S m, a :: r => firstn_on m r (a :: done) | _, _ => rev_append done [] end.
Fixpoint seq_on (start n : nat) (done : list nat) : list nat :=
  match n with O => rev_append done [] | S m => seq_on (S start) m (start :: done) end.
Fixpoint repeat_on {A} (a : A) (n : nat) (done : list A) : list A :=
  match n with O => done | S m => repeat_on a m (a :: done) end.
Fixpoint removelast_on {A} (l done : list A) : list A :=
  match l with a :: (_ :: _) as r => removelast_on r (a :: done) | _ => rev_append done [] end.

(** ** What they make is what was made so far, and then what the plain ones make *)
Ltac onward IH := simpl; rewrite ?IH; simpl; rewrite ?rev_append_rev, ?app_nil_r, <- ?app_assoc; auto.

Lemma replace_on_is {A} (a : A) l : forall i done, replace_on i a l done = rev done ++ replace i a l.
Proof. induction l as [|b l IH]; intros [|i] done; onward IH. Qed.
Lemma all_some_on_is {A} (l : list (option A)) : forall done, all_some_on l done = option_map (app (rev done)) (all_some l).
Proof.
  induction l as [|[a|] l IH]; intros done; onward IH. destruct (all_some l); simpl; [now rewrite <- app_assoc | reflexivity].
Qed.
Lemma laid_on_is {A B} both (alone : A -> B) a : forall b done, laid_on both alone a b done = rev done ++ laid both alone a b.
Proof. induction a as [|p a IH]; intros [|q b] done; onward IH. Qed.
Lemma labelled_on_is {A B} (label : nat -> B) (l : list A) : forall named i done,
  labelled_on label named i l done = rev done ++ labelled label named i l.
Proof. induction l as [|a l IH]; intros [|[j k] named] i done; simpl; [| | |destruct (Nat.eqb i j)]; onward IH. Qed.
Lemma length_on_is {A} (l : list A) : forall n, length_on l n = n + length l.
Proof. induction l as [|a l IH]; intros n; simpl; [apply plus_n_O | rewrite IH; apply plus_n_Sm]. Qed.
Lemma concat_on_is {A} (l : list (list A)) : forall done, concat_on l done = rev done ++ concat l.
Proof. induction l as [|a l IH]; intros done; onward IH. now rewrite rev_app_distr, rev_involutive, <- app_assoc. Qed.
Lemma map_on_is {A B} (f : A -> B) l : forall done, map_on f l done = rev done ++ map f l.
Proof. induction l as [|a l IH]; intros done; onward IH. Qed.
Lemma flat_map_on_is {A B} (f : A -> list B) l : forall done, flat_map_on f l done = rev done ++ flat_map f l.
Proof. induction l as [|a l IH]; intros done; onward IH. now rewrite rev_app_distr, rev_involutive, <- app_assoc. Qed.
Lemma filter_on_is {A} (p : A -> bool) l : forall done, filter_on p l done = rev done ++ filter p l.
Proof. induction l as [|a l IH]; intros done; onward IH. destruct (p a); onward IH. Qed.
Lemma combine_on_is {A B} (a : list A) : forall (b : list B) done, combine_on a b done = rev done ++ combine a b.
Proof. induction a as [|p a IH]; intros [|q b] done; onward IH. Qed.
Lemma firstn_on_is {A} n : forall (l done : list A), firstn_on n l done = rev done ++ firstn n l.
Proof. induction n as [|n IH]; intros [|a l] done; onward IH. Qed.
Lemma seq_on_is n : forall start done, seq_on start n done = rev done ++ seq start n.
Proof. induction n as [|n IH]; intros start done; onward IH. Qed.
Lemma repeat_on_is {A} (a : A) n : forall done, repeat_on a n done = repeat a n ++ done.
Proof.
  induction n as [|n IH]; intros done; simpl; [reflexivity|]. rewrite IH. change (a :: done) with ([a] ++ done).
  now rewrite app_assoc, <- repeat_cons.
Qed.
Lemma removelast_on_is {A} (l : list A) : forall done, removelast_on l done = rev done ++ removelast l.
Proof.
  induction l as [|a [|b l] IH]; intros done; [onward IH | onward IH|].
  change (removelast_on (b :: l) (a :: done) = rev done ++ a :: removelast (b :: l)). rewrite IH. onward IH.
Qed.

(** ** So they are the same functions *)
Module Tail.
Definition replace {A} (i : nat) (a : A) (l : list A) : list A := replace_on i a l [].
Definition all_some {A} (l : list (option A)) : option (list A) := all_some_on l [].
Definition laid {A B} (both : A -> B -> B) (alone : A -> B) (a : list A) (b : list B) : list B := laid_on both alone a b [].
Definition labelled {A B} (label : nat -> B) (named : list (nat * nat)) (i : nat) (l : list A) : list (A * B) :=
  labelled_on label named i l [].
Definition length {A} (l : list A) : nat := length_on l 0.
Definition app {A} (a b : list A) : list A := rev_append (rev_append a []) b.
Definition concat {A} (l : list (list A)) : list A := concat_on l [].
Definition map {A B} (f : A -> B) (l : list A) : list B := map_on f l [].
Definition flat_map {A B} (f : A -> list B) (l : list A) : list B := flat_map_on f l [].
Definition filter {A} (p : A -> bool) (l : list A) : list A := filter_on p l [].
Definition fold_right {A B} (f : B -> A -> A) (a : A) (l : list B) : A := fold_left (fun c b => f b c) (rev_append l []) a.
Definition combine {A B} (a : list A) (b : list B) : list (A * B) := combine_on a b [].
Definition firstn {A} (n : nat) (l : list A) : list A := firstn_on n l [].
Definition seq (start n : nat) : list nat := seq_on start n [].
Definition repeat {A} (a : A) (n : nat) : list A := repeat_on a n [].
Definition removelast {A} (l : list A) : list A := removelast_on l [].
End Tail.

Theorem replace_is {A} i (a : A) l : Tail.replace i a l = replace i a l.
Proof. unfold Tail.replace. now rewrite replace_on_is. Qed.
Theorem all_some_is {A} (l : list (option A)) : Tail.all_some l = all_some l.
Proof. unfold Tail.all_some. rewrite all_some_on_is. now destruct (all_some l). Qed.
Theorem laid_is {A B} both (alone : A -> B) a b : Tail.laid both alone a b = laid both alone a b.
Proof. unfold Tail.laid. now rewrite laid_on_is. Qed.
Theorem labelled_is {A B} label named i l : @Tail.labelled A B label named i l = @labelled A B label named i l.
Proof. unfold Tail.labelled. now rewrite labelled_on_is. Qed.
Theorem length_is {A} (l : list A) : Tail.length l = length l.
Proof. unfold Tail.length. now rewrite length_on_is. Qed.
Theorem app_is {A} (a b : list A) : Tail.app a b = app a b.
Proof. unfold Tail.app. now rewrite !rev_append_rev, app_nil_r, rev_involutive. Qed.
Theorem concat_is {A} (l : list (list A)) : Tail.concat l = concat l.
Proof. unfold Tail.concat. now rewrite concat_on_is. Qed.
Theorem map_is {A B} (f : A -> B) l : Tail.map f l = map f l.
Proof. unfold Tail.map. now rewrite map_on_is. Qed.
Theorem flat_map_is {A B} (f : A -> list B) l : Tail.flat_map f l = flat_map f l.
Proof. unfold Tail.flat_map. now rewrite flat_map_on_is. Qed.
Theorem filter_is {A} (p : A -> bool) l : Tail.filter p l = filter p l.
Proof. unfold Tail.filter. now rewrite filter_on_is. Qed.
Theorem fold_right_is {A B} (f : B -> A -> A) a l : Tail.fold_right f a l = fold_right f a l.
Proof. unfold Tail.fold_right. now rewrite rev_append_rev, app_nil_r, <- fold_left_rev_right, rev_involutive. Qed.
Theorem combine_is {A B} (a : list A) (b : list B) : Tail.combine a b = combine a b.
Proof. unfold Tail.combine. now rewrite combine_on_is. Qed.
Theorem firstn_is {A} n (l : list A) : Tail.firstn n l = firstn n l.
Proof. unfold Tail.firstn. now rewrite firstn_on_is. Qed.
Theorem seq_is start n : Tail.seq start n = seq start n.
Proof. unfold Tail.seq. now rewrite seq_on_is. Qed.
Theorem repeat_is {A} (a : A) n : Tail.repeat a n = repeat a n.
Proof. unfold Tail.repeat. now rewrite repeat_on_is, app_nil_r. Qed.
Theorem removelast_is {A} (l : list A) : Tail.removelast l = removelast l.
Proof. unfold Tail.removelast. now rewrite removelast_on_is. Qed.
