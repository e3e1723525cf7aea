(** The checker as the program runs it: the same function as [check], with every call in tail position, so that the stack
    does not grow with the depth of the tree. *)
From Coq Require Import List NArith.
From Verishallow Require Import Network Rationals Certificate.
Import ListNotations.

(** [counted] is the tally of all leaves before this node; [next] goes on with what comes after it. *)
Fixpoint walk_on (n : nat) (c : claim) (tolerant : bool) (top : layer) (t : tree) (above : list layer) (st : state)
    (counted : tally) (next : tally -> option tally) : option tally :=
  match t with
  | EnterLayer number active inactive planes undecided below =>
      match above with
      | l :: higher =>
          match enter n l number active inactive planes undecided st with
          | Some st' =>
              walk_on n c tolerant top below higher st' (both counted (Tally 0 0 (N.of_nat (length planes)))) next
          | None => None
          end
      | [] => None
      end
  | Stable active inactive below =>
      match stabilise active inactive st with
      | Some st' => walk_on n c tolerant top below above st' counted next
      | None => None
      end
  | Redundant constraints below =>
      if has_units c then
        match drop constraints st with
        | Some st' => walk_on n c tolerant top below above st' counted next
        | None => None
        end
      else None
  | Split neuron strict_side plus minus =>
      if mark_fits c strict_side then
        match child neuron strict_side true st, child neuron strict_side false st with
        | Some p, Some m =>
            walk_on n c tolerant top plus above p counted (fun a => walk_on n c tolerant top minus above m a next)
        | _, _ => None
        end
      else None
  | Leaf absent map_rows units w =>
      if leaf_accepted n c top above st absent map_rows units w
      then next (both counted (Tally 1 (N.of_nat (length units)) 0)) else None
  | Open => if tolerant then next counted else None
  end.

Lemma both_assoc a b c : both (both a b) c = both a (both b c).
Proof. unfold both; simpl. now rewrite !N.add_assoc. Qed.
Lemma both_none a : both a (Tally 0 0 0) = a.
Proof. destruct a. unfold both; simpl. now rewrite !N.add_0_r. Qed.

Lemma walk_on_is n c tolerant top t : forall above st counted next,
  walk_on n c tolerant top t above st counted next
  = match walk n c tolerant top t above st with Some a => next (both counted a) | None => None end.
Proof.
  induction t as [number active inactive planes undecided below IH|active inactive below IH|constraints below IH
                 |neuron strict_side plus IHp minus IHm|absent map_rows units w|]; intros above st counted next; simpl.
  - destruct above as [|l higher]; [reflexivity|]. destruct (enter _ _ _ _ _ _ _ _) as [st'|]; [|reflexivity].
    rewrite IH. destruct (walk _ _ _ _ below higher st'); simpl; [now rewrite both_assoc | reflexivity].
  - destruct (stabilise _ _ _); [apply IH | reflexivity].
  - destruct (has_units c); [|reflexivity]. destruct (drop _ _); [apply IH | reflexivity].
  - destruct (mark_fits c strict_side); [|reflexivity].
    destruct (child _ _ true _) as [p|]; [|reflexivity]. destruct (child _ _ false _) as [m|]; [|reflexivity].
    rewrite IHp. destruct (walk _ _ _ _ plus above p); [|reflexivity].
    rewrite IHm. destruct (walk _ _ _ _ minus above m); [now rewrite both_assoc | reflexivity].
  - now destruct (leaf_accepted _ _ _ _ _ _ _ _ _).
  - destruct tolerant; [now rewrite both_none | reflexivity].
Qed.

Definition checked (n : nat) (inputs : list form) (f : network) (domain : list form) (c : claim) (tolerant : bool) (t : tree)
    : option tally :=
  walk_on n c tolerant (output f) t (hidden f) (start inputs domain) (Tally 0 0 0) Some.

Theorem checked_is n inputs f domain c tolerant t :
  checked n inputs f domain c tolerant t = check n inputs f domain c tolerant t.
Proof. unfold checked. rewrite walk_on_is. fold (check n inputs f domain c tolerant t). now destruct (check _ _ _ _ _ _ _) as [[]|]. Qed.
