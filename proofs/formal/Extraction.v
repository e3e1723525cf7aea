(** The checker as an OCaml program. What is trusted here beside Coq's extraction: integers are those of zarith, natural
    numbers (indices, which are small) those of the machine; and functions on lists are those of Lists.v that need no stack,
    each put in the place of the one to which it is proved equal. *)
From Coq Require Import List PeanoNat ZArith NArith QArith Extraction ExtrOcamlBasic ExtrOcamlNatInt.
From Verishallow Require Lists.
From Verishallow Require Import Network Rationals Certificate Checked.

Extraction "lists.ml" Lists.Tail.

Extract Constant PeanoNat.Nat.add => "(+)".
Extract Constant Init.Datatypes.length => "Lists.Tail.length".
Extract Constant Init.Datatypes.app => "Lists.Tail.app".
Extract Constant List.concat => "Lists.Tail.concat".
Extract Constant List.map => "Lists.Tail.map".
Extract Constant List.flat_map => "Lists.Tail.flat_map".
Extract Constant List.filter => "Lists.Tail.filter".
Extract Constant List.fold_right => "Lists.Tail.fold_right".
Extract Constant List.combine => "Lists.Tail.combine".
Extract Constant List.firstn => "Lists.Tail.firstn".
Extract Constant List.seq => "Lists.Tail.seq".
Extract Constant List.repeat => "Lists.Tail.repeat".
Extract Constant List.removelast => "Lists.Tail.removelast".
Extract Constant Lists.replace => "Lists.Tail.replace".
Extract Constant Lists.all_some => "Lists.Tail.all_some".
Extract Constant Lists.laid => "Lists.Tail.laid".
Extract Constant Lists.labelled => "Lists.Tail.labelled".

Extract Inductive positive => "Integers.t"
  ["(fun p -> Integers.succ (Integers.shift_left p 1))" "(fun p -> Integers.shift_left p 1)" "Integers.one"]
  "(fun on_odd on_even on_one p -> if Integers.equal p Integers.one then on_one () else if Integers.is_odd p then on_odd (Integers.shift_right p 1) else on_even (Integers.shift_right p 1))".
Extract Inductive Z => "Integers.t" ["Integers.zero" "" "Integers.neg"]
  "(fun on_zero on_positive on_negative z -> if Integers.sign z = 0 then on_zero () else if Integers.sign z > 0 then on_positive z else on_negative (Integers.neg z))".
Extract Inductive N => "Integers.t" ["Integers.zero" ""]
  "(fun on_zero on_positive z -> if Integers.sign z = 0 then on_zero () else on_positive z)".
Extract Constant Pos.add => "Integers.add".
Extract Constant Pos.mul => "Integers.mul".
Extract Constant Pos.succ => "Integers.succ".
Extract Constant Pos.eqb => "Integers.equal".
Extract Constant Z.add => "Integers.add".
Extract Constant Z.mul => "Integers.mul".
Extract Constant Z.opp => "Integers.neg".
Extract Constant Z.abs => "Integers.abs".
Extract Constant Z.sgn => "(fun z -> Integers.of_int (Integers.sign z))".
Extract Constant Z.eqb => "Integers.equal".
Extract Constant Z.ltb => "Integers.lt".
Extract Constant Z.leb => "Integers.leq".
Extract Constant Z.compare => "(fun a b -> let s = Integers.compare a b in if s = 0 then Eq else if s < 0 then Lt else Gt)".
Extract Constant Z.gcd => "Integers.gcd".
Extract Constant Z.lcm => "(fun a b -> if Integers.sign a = 0 || Integers.sign b = 0 then Integers.zero else Integers.lcm a b)".
Extract Constant Z.div => "(fun a b -> if Integers.sign b = 0 then Integers.zero else Integers.fdiv a b)".
Extract Constant Z.of_nat => "Integers.of_int".
Extract Constant Z.to_pos => "(fun z -> if Integers.sign z > 0 then z else Integers.one)".
Extract Constant Z.ggcd => "(fun a b -> let g = Integers.gcd a b in if Integers.sign g = 0 then (g, (a, b)) else (g, (Integers.divexact a g, Integers.divexact b g)))".
Extract Constant N.add => "Integers.add".
Extract Constant N.of_nat => "Integers.of_int".

Extraction "verified_checker.ml" checked identity Certificate.tree.
