(* verified_check CERTIFICATE: the verdict of the checker that is proved correct in this folder.

   Exit codes: 0 valid, 1 invalid, 2 usage, unreadable or unsupported, 3 incomplete. *)

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
  let remaining = ref (lines_of (content_of path)) in
  let line () = match !remaining with
    | [] -> fail "the file ends before its end record"
    | first :: rest -> remaining := rest; first in
  let digest = Buffer.create 65536 in
  let read () = let found = line () in Buffer.add_string digest found; Buffer.add_char digest '\n'; found in
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
      let hash = sha256 (Buffer.contents digest ^ without_hash last ^ "\n") in
      check_end header network !opened tally hash pairs;
      require (!remaining = []) "something follows the end record";
      if !opened > 0 then (Printf.printf "incomplete: %d open\n" !opened; 3)
      else begin
        Printf.printf "valid: %s; n = %d, m = %d, %d inequalities%s, %d %s, network sha256 %s\n"
          (statement header leaves) header.inputs header.outputs (List.length header.rows)
          (if header.slice = None then "" else ", on a slice") leaves (if leaves = 1 then "leaf" else "leaves") header.hash;
        0
      end

let () =
  let code = match Sys.argv with
    | [| _; path |] ->
        (try verdict path with
         | Invalid fact -> Printf.printf "invalid: %s\n" fact; 1
         | Unsupported name -> Printf.printf "unsupported: %s\n" name; 2
         | Stack_overflow | Out_of_memory -> print_endline "invalid: too large or nested too deeply"; 1
         | Sys_error reason -> prerr_endline reason; 2)
    | _ -> prerr_endline "usage: verified_check CERTIFICATE"; 2 in
  exit code
