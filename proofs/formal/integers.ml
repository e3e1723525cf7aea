(* The integers of the extracted checker, whose own modules are named Z and N too. *)
include Z
