(* verified_check [--memory MIB] CERTIFICATE: the verdict of the checker that is proved correct in this folder.

   Exit codes: 0 valid, 1 invalid, 2 no verdict (usage, unreadable, unsupported, a limit met), 3 incomplete. *)

open Verified_checker
open Certificate_file

let sha256 text = Sha256.to_hex (Sha256.string text)

(* The end record's line without its member sha256, which is spelled canonically. *)
let without_hash line =
  let marker = ",\"sha256\":\"" in
  let size = String.length marker in
  let rec find i =
    require (i + size + 65 <= String.length line) "the end record has no sha256";
    if String.sub line i size = marker then i else find (i + 1) in
  let at = find 0 in
  String.sub line 0 at ^ String.sub line (at + size + 65) (String.length line - at - size - 65)

let statement header leaves =
  match header.claim with
  | Exact | GatedUnits -> "f(x) = S(x) for all x in D"
  | Ignore -> "S(x) = k(x) f(x) for all x in D, k(x) >= 1 the number of closed cells that contain x"
  | Regions -> Printf.sprintf "D has exactly %d activation region%s of f" leaves (if leaves = 1 then "" else "s")

let verdict path =
  let next = lines_of (content_of path) in
  let line () = match next () with None -> fail "the file ends before its end record" | Some found -> found in
  let digest = Sha256.init () in
  let read () = let found = line () in Sha256.update_string digest (found ^ "\n"); found in
  let header = header_of (record_of (read ())) in
  let network_line = read () in
  let network = network_of header (record_of network_line) in
  require (header.hash = sha256 (network_line ^ "\n")) "the header's network_sha256 is another";
  let opened = ref 0 in
  let tree = tree_of header (fun () -> record_of (read ())) opened in
  let inputs = match header.slice with None -> identity header.inputs | Some rows -> List.map form rows in
  match checked header.inputs inputs network (List.map form header.rows) header.claim (!opened > 0) tree with
  | None -> fail "the verified checker refuses the tree"
  | Some tally ->
      let leaves = Integers.to_int tally.leaf_count in
      let last = line () in
      let pairs = record_of last in
      Sha256.update_string digest (without_hash last ^ "\n");
      check_end header network !opened tally (Sha256.to_hex (Sha256.finalize digest)) pairs;
      require (next () = None) "something follows the end record";
      if !opened > 0 then (3, Printf.sprintf "incomplete: %d open" !opened)
      else
        (0, Printf.sprintf "valid: %s; n = %d, m = %d, %d inequalities%s, %d %s, network sha256 %s"
          (statement header leaves) header.inputs header.outputs (List.length header.rows)
          (if header.slice = None then "" else ", on a slice") leaves (if leaves = 1 then "leaf" else "leaves") header.hash)

(* ---- Limits *)

let default_memory = 4096 (* MiB *)
let exhausted = "no verdict: the stack or the memory is exhausted; give more (ulimit -s, ulimit -v, --memory MIB)"

(* limits.c *)
external set_limits : int -> string -> unit = "limits_set"

let verdict_within memory path =
  set_limits memory (exhausted ^ "\n");
  try verdict path with
  | Invalid fact -> (1, "invalid: " ^ fact)
  | Unsupported name -> (2, "unsupported: " ^ name)
  | Stack_overflow | Out_of_memory -> (2, exhausted)

let answer memory path =
  match verdict_within memory path with
  | code, text -> print_endline text; code
  | exception Sys_error reason -> prerr_endline reason; 2
  | exception other -> prerr_endline ("no verdict: " ^ Printexc.to_string other); 2

let () =
  exit (match Array.to_list Sys.argv with
    | [_; path] -> answer default_memory path
    | [_; "--memory"; mebibytes; path] when Option.value (int_of_string_opt mebibytes) ~default:0 > 0 ->
        answer (int_of_string mebibytes) path
    | _ -> prerr_endline "usage: verified_check [--memory MIB] CERTIFICATE"; 2)
