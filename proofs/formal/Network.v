(** What is claimed, and nothing else: deep ReLU networks, the extended numbers, and networks with two hidden layers whose
    second layer may have weights -inf. These are the definitions to trust; everything after this file is proof. *)
From Coq Require Import List Bool.
From Verishallow Require Import OrderedRing.
Import ListNotations.

Module Networks (Ring : ORDERED_RING).
Import Ring.

(** ** Deep networks *)
Definition vector := list K.
Record form := Form { weights : vector; bias : K }.

(** Missing entries count as 0. *)
Fixpoint dot (a x : vector) : K :=
  match a, x with p :: a', q :: x' => add (mul p q) (dot a' x') | _, _ => zero end.
Definition value (h : form) (x : vector) : K := add (dot (weights h) x) (bias h).
Definition relu (z : K) : K := if at_most zero z then z else zero.

(** A layer reads some sources: 0 is the input, k the output of layer k. *)
Record layer := Layer { reads : list nat; neurons : list form }.
Record network := Network { hidden : list layer; output : layer }.

Definition read (l : layer) (sources : list vector) : vector := concat (map (fun s => nth s sources []) (reads l)).
Definition affine (l : layer) (sources : list vector) : vector := map (fun h => value h (read l sources)) (neurons l).
Fixpoint run_hidden (layers : list layer) (sources : list vector) : list vector :=
  match layers with [] => sources | l :: above => run_hidden above (sources ++ [map relu (affine l sources)]) end.
Definition run (f : network) (x : vector) : vector := affine (output f) (run_hidden (hidden f) [x]).

(** ** Extended numbers: inf - inf is undefined, 0 * inf is 0 *)
Inductive extended := finite (a : K) | plus_infinity | minus_infinity.

Definition infinite_times (positive : bool) (a : K) : extended :=
  if at_most a zero && at_most zero a then finite zero
  else if Bool.eqb positive (at_most zero a) then plus_infinity else minus_infinity.
Definition times (a b : extended) : extended :=
  match a, b with
  | finite p, finite q => finite (mul p q)
  | plus_infinity, finite q | finite q, plus_infinity => infinite_times true q
  | minus_infinity, finite q | finite q, minus_infinity => infinite_times false q
  | plus_infinity, plus_infinity | minus_infinity, minus_infinity => plus_infinity
  | plus_infinity, minus_infinity | minus_infinity, plus_infinity => minus_infinity
  end.
Definition plus (a b : extended) : option extended :=
  match a, b with
  | finite p, finite q => Some (finite (add p q))
  | plus_infinity, minus_infinity | minus_infinity, plus_infinity => None
  | plus_infinity, _ | _, plus_infinity => Some plus_infinity
  | _, _ => Some minus_infinity
  end.
Definition extended_relu (a : extended) : extended :=
  match a with finite z => finite (relu z) | plus_infinity => plus_infinity | minus_infinity => finite zero end.

(** ** Three-layer networks: the first and the last layer are finite, the second has finite weights and -inf *)
Inductive weight := Finite (a : K) | MinusInfinity.
Record gated := Gated { gated_weights : list weight; gated_bias : K }.
Record three_layer := ThreeLayer { first : list form; second : list gated; third : list form }.

Definition row := (list extended * extended)%type.
Definition extended_weight (w : weight) : extended := match w with Finite a => finite a | MinusInfinity => minus_infinity end.
Definition finite_row (h : form) : row := (map finite (weights h), finite (bias h)).
Definition gated_row (g : gated) : row := (map extended_weight (gated_weights g), finite (gated_bias g)).

(** Undefined where a sum is inf - inf, and where shapes do not agree. *)
Definition bind {A B} (a : option A) (f : A -> option B) : option B := match a with Some v => f v | None => None end.
Fixpoint extended_dot (a x : list extended) : option extended :=
  match a, x with
  | [], [] => Some (finite zero)
  | p :: a', q :: x' => bind (extended_dot a' x') (plus (times p q))
  | _, _ => None
  end.
Definition extended_value (h : row) (x : list extended) : option extended :=
  bind (extended_dot (fst h) x) (fun s => plus s (snd h)).
Fixpoint extended_layer (rows : list row) (x : list extended) : option (list extended) :=
  match rows with [] => Some [] | h :: rest =>
    bind (extended_value h x) (fun y => bind (extended_layer rest x) (fun ys => Some (y :: ys))) end.
Definition evaluate (S : three_layer) (x : vector) : option (list extended) :=
  bind (extended_layer (map finite_row (first S)) (map finite x)) (fun u =>
  bind (extended_layer (map gated_row (second S)) (map extended_relu u)) (fun v =>
  extended_layer (map finite_row (third S)) (map extended_relu v))).

(** ** The claim: the three-layer network is defined at x, and its value there is that of the deep one *)
Definition equal_at (S : three_layer) (f : network) (x : vector) : Prop :=
  exists y, evaluate S x = Some (map finite y) /\ Forall2 equal y (run f x).
End Networks.
