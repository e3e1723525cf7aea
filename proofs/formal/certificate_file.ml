(* Reads an ordinary certificate file (proofs/FORMAT.md, sections 3 to 5 and 14) for the verified checker.

   This parser is trusted: it says what the file claims, and hands network, domain and tree to the function whose
   correctness is proved. Libraries: camlzip for gzip, sha for SHA-256, zarith for integers. *)

open Verified_checker
module Net = Rational.Entries.Construction.Forms.Net

exception Invalid of string
exception Unsupported of string

(* As in the standard library, but without a stack. *)
module List = struct
  include List
  let map f items = rev (rev_map f items)
  let mapi f items = let number = ref (-1) in map (fun item -> incr number; f !number item) items
  let map2 f a b = rev (rev_map2 f a b)
end

let fail fact = raise (Invalid fact)
let require holds fact = if not holds then fail fact

(* ---- Bytes *)

let max_line = 32 * 1024 * 1024
let max_digits = 4000
let max_index_digits = 15
let max_nesting = 1000

let crc_of text = Zlib.update_crc_string 0l text 0 (String.length text)

(* One gzip member, and nothing after it: RFC 1952. *)
let gunzip text =
  let size = String.length text and position = ref 10 in
  let truncated = "the gzip stream is truncated" in
  let byte i = require (i < size) truncated; Char.code text.[i] in
  let little i count = List.fold_left (fun sum k -> (sum * 256) + byte (i + k)) 0 (List.rev (List.init count Fun.id)) in
  let rec past_zero () = let b = byte !position in incr position; if b <> 0 then past_zero () in
  require (byte 2 = 8) "the gzip stream is damaged";
  let flags = byte 3 in
  require (flags land 0xe0 = 0) "the gzip stream is damaged";
  if flags land 4 <> 0 then position := !position + 2 + little !position 2;
  if flags land 8 <> 0 then past_zero ();
  if flags land 16 <> 0 then past_zero ();
  if flags land 2 <> 0 then begin
    let stated = little !position 2 in
    require (Int32.to_int (crc_of (String.sub text 0 !position)) land 0xffff = stated) "the gzip stream is damaged";
    position := !position + 2
  end;
  require (!position <= size) truncated;
  let stream = Zlib.inflate_init false and room = Bytes.create 65536 and out = Buffer.create 65536 in
  let rec go () =
    let ended, used, made =
      try Zlib.inflate_string stream text !position (size - !position) room 0 65536 Zlib.Z_SYNC_FLUSH
      with Zlib.Error (_, "") -> raise Out_of_memory | Zlib.Error _ -> fail "the gzip stream is damaged or truncated" in
    position := !position + used;
    Buffer.add_subbytes out room 0 made;
    if not ended then begin require (used > 0 || made > 0) truncated; go () end in
  go ();
  let content = Buffer.contents out in
  let stated i = Int32.logor (Int32.of_int (little i 2)) (Int32.shift_left (Int32.of_int (little (i + 2) 2)) 16) in
  require (!position + 8 <= size) truncated;
  require (stated !position = crc_of content) "the gzip stream is damaged";
  require (little (!position + 4) 4 = String.length content land 0xffffffff) "the gzip stream is damaged";
  require (!position + 8 = size) "bytes follow the gzip stream";
  content

let content_of path =
  let file = open_in_bin path in
  let text = Fun.protect ~finally:(fun () -> close_in file) (fun () -> really_input_string file (in_channel_length file)) in
  if String.length text >= 2 && String.sub text 0 2 = "\x1f\x8b" then gunzip text else text

(* The lines of a text, one at each call. *)
let lines_of text =
  let size = String.length text and at = ref 0 in
  require (size = 0 || text.[size - 1] = '\n') "the last line does not end with a line feed";
  fun () ->
    if !at = size then None else begin
      let start = !at and stop = String.index_from text !at '\n' in
      require (stop - start <= max_line) "a line is too long";
      at := stop + 1;
      Some (String.sub text start (stop - start))
    end

(* ---- JSON, in its canonical spelling alone: what is spelled otherwise is refused *)

type json = Integer of int | Text of string | Array of json list | Object of (string * json) list

let record_of line =
  let size = String.length line and at = ref 0 in
  let peek () = if !at < size then line.[!at] else '\000' in
  let take c = require (peek () = c && !at < size) "not the canonical spelling of a JSON object"; incr at in
  let text () =
    take '"';
    let start = !at in
    while !at < size && line.[!at] <> '"' do
      require (line.[!at] >= ' ' && line.[!at] < '\127' && line.[!at] <> '\\') "a string with characters that no valid one has";
      incr at
    done;
    take '"';
    String.sub line start (!at - start - 1) in
  let integer () =
    let start = !at in
    if peek () = '-' then incr at;
    while peek () >= '0' && peek () <= '9' do incr at done;
    let digits = String.sub line start (!at - start) in
    require (String.length digits <= max_index_digits) "a bare integer is too long";
    match int_of_string_opt digits with
    | Some value when string_of_int value = digits -> Integer value
    | _ -> fail "not the canonical spelling of an integer" in
  let separated close item =
    if peek () = close then (incr at; []) else
      let rec more before =
        let found = item () :: before in
        if peek () = ',' then (incr at; more found) else (take close; List.rev found) in
      more [] in
  let rec value depth =
    require (depth < max_nesting) "nested too deeply";
    match peek () with
    | '"' -> Text (text ())
    | '[' -> incr at; Array (separated ']' (fun () -> value (depth + 1)))
    | '{' -> incr at;
        let pairs = separated '}' (fun () -> let name = text () in take ':'; (name, value (depth + 1))) in
        let rec increasing = function
          | (a, _) :: ((b, _) :: _ as rest) -> a < b && increasing rest
          | _ -> true in
        require (increasing pairs) "the members of an object are not in increasing order";
        Object pairs
    | _ -> integer () in
  let found = value 0 in
  require (!at = size) "not one JSON value on a line";
  match found with
  | Object pairs -> pairs
  | _ -> fail "not an object"

(* ---- Values *)

let text = function Text t -> t | _ -> fail "a string is expected"
let natural = function Integer i when i >= 0 -> i | _ -> fail "a natural number is expected"
let array = function Array items -> items | _ -> fail "an array is expected"
let members pairs names =
  require (List.sort compare (List.map fst pairs) = List.sort compare names) "a member is missing or unknown"
let get name pairs = match List.assoc_opt name pairs with Some value -> value | None -> fail (name ^ " is missing")
let objects = function Object pairs -> pairs | _ -> fail "an object is expected"
let pair = function Array [a; b] -> (a, b) | _ -> fail "a pair is expected"

let digits_of part =
  let size = String.length part in
  require (size >= 1 && size <= max_digits) "not a rational, or too many digits";
  require (String.for_all (fun c -> c >= '0' && c <= '9') part) "not a rational";
  require (size = 1 || part.[0] <> '0') "a rational with a leading zero";
  Integers.of_string part

let rational value =
  let spelled = text value in
  let sign, unsigned = match spelled with
    | "" -> fail "not a rational"
    | t when t.[0] = '-' -> (-1, String.sub t 1 (String.length t - 1))
    | t -> (1, t) in
  let top, bottom = match String.index_opt unsigned '/' with
    | None -> (digits_of unsigned, Integers.one)
    | Some i ->
        let below = digits_of (String.sub unsigned (i + 1) (String.length unsigned - i - 1)) in
        require (Integers.gt below Integers.one) "not in lowest terms";
        (digits_of (String.sub unsigned 0 i), below) in
  require (Integers.equal (Integers.gcd top bottom) Integers.one) "not in lowest terms";
  require (sign > 0 || Integers.sign top > 0) "-0 is no rational";
  { qnum = (if sign > 0 then top else Integers.neg top); qden = bottom }

let rationals ?length value =
  let row = List.map rational (array value) in
  (match length with Some n -> require (List.length row = n) "a row of another length" | None -> ());
  row
let form row : Net.form = form_of_row row
let is_integer a = Integers.equal a.qden Integers.one
let naturals value = List.map natural (array value)
let rec increasing = function a :: (b :: _ as rest) -> a < b && increasing rest | _ -> true

(* ---- Header and networks *)

type header = {
  inputs : int; outputs : int; claim : claim; rows : q list list; slice : q list list option; hash : string;
}

let unsupported_claims =
  ["bounds"; "equal"; "equality-on-grid"; "equality-on-cells"; "property"; "counterexample"]
let unsupported_constructions = ["merge"; "one-hidden"; "finite"; "quantised"]

let header_of pairs =
  require (get "record" pairs = Text "header") "expected the header record";
  let kind = text (get "claim" pairs) in
  if List.mem kind unsupported_claims then raise (Unsupported kind);
  let construction = if kind = "equality" then text (get "construction" pairs) else "cells" in
  if List.mem construction unsupported_constructions then raise (Unsupported construction);
  if kind = "equality" && List.mem_assoc "low" pairs then raise (Unsupported "one unit");
  require (List.mem construction ["cells"; "gated"] && List.mem kind ["equality"; "regions"]) "an unknown claim or construction";
  let slice = List.mem_assoc "slice" pairs in
  members pairs (["record"; "format"; "version"; "claim"; "domain"; "inputs"; "network_sha256"; "outputs"]
    @ (if kind = "equality" then ["boundary"; "construction"] else []) @ (if slice then ["slice"] else []));
  require (get "format" pairs = Text "verishallow-certificate") "an unknown format";
  require (get "version" pairs = Integer 1) "an unknown version";
  let n = natural (get "inputs" pairs) and m = natural (get "outputs" pairs) in
  require (n >= 1 && m >= 1) "inputs and outputs must be at least 1";
  let claim = if kind = "regions" then Regions else match get "boundary" pairs with
    | Text "exact" -> if construction = "gated" then GatedUnits else Exact
    | Text "ignore" when construction = "cells" -> Ignore
    | _ -> fail "an unknown boundary" in
  let rows = List.map (rationals ~length:(n + 1)) (array (get "domain" pairs)) in
  List.iter (fun row ->
    require (List.for_all is_integer row) "a row of the domain is not of integers";
    require (List.exists (fun a -> Integers.sign a.qnum <> 0) (List.tl row)) "a row of the domain has no linear part";
    require (Integers.equal (List.fold_left (fun g a -> Integers.gcd g a.qnum) Integers.zero row) Integers.one) "a row of the domain is not primitive")
    rows;
  let slice = if not slice then None else begin
    let found = List.map (rationals ~length:(n + 1)) (array (get "slice" pairs)) in
    require (found <> []) "the slice has no row";
    Some found
  end in
  { inputs = n; outputs = m; claim; rows; slice; hash = text (get "network_sha256" pairs) }

let network_of header pairs =
  members pairs ["record"; "layers"];
  require (get "record" pairs = Text "network") "expected the network record";
  let sources = match header.slice with None -> header.inputs | Some rows -> List.length rows in
  let widths = Hashtbl.create 16 in
  Hashtbl.add widths 0 sources;
  let layer number value =
    let pairs = objects value in
    let given = List.mem_assoc "reads" pairs in
    members pairs (["bias"; "weight"] @ if given then ["reads"] else []);
    let reads = if given then naturals (get "reads" pairs) else [number - 1] in
    require (increasing reads && reads <> [] && List.for_all (fun s -> s < number) reads) "reads are wrong";
    require (not given || reads <> [number - 1]) "reads spells the default";
    let columns = List.fold_left (fun sum s -> sum + Hashtbl.find widths s) 0 reads in
    let bias = rationals (get "bias" pairs) in
    let weight = List.map (rationals ~length:columns) (array (get "weight" pairs)) in
    require (bias <> [] && List.length weight = List.length bias) "weight and bias do not fit";
    Hashtbl.add widths number (List.length bias);
    let neurons = List.map2 (fun row b : Net.form -> { Net.weights = row; bias = b }) weight bias in
    ({ Net.reads; neurons } : Net.layer) in
  match List.rev (List.mapi (fun i value -> layer (i + 1) value) (array (get "layers" pairs))) with
  | [] -> fail "there is no layer"
  | last :: hidden ->
      require (List.length last.Net.neurons = header.outputs) "the last layer has another number of neurons";
      ({ Net.hidden = List.rev hidden; output = last } : Net.network)

(* ---- The tree *)

let reason value = List.map (fun entry -> let i, l = pair entry in (natural i, rational l)) (array value)
let decided value = List.map (fun entry -> let i, r = pair entry in (natural i, reason r)) (array value)

let unit_of exact value =
  let pairs = objects value in
  members pairs (["-inf"; "weight"] @ if exact then ["face"] else []);
  let weight = text (get "weight" pairs) in
  require (weight = "1" || weight = "-1") "a weight is neither 1 nor -1";
  let signed = function Integer i -> Integers.of_int i | _ -> fail "an integer is expected" in
  { minus_infinities = List.map signed (array (get "-inf" pairs));
    on_face = (if exact then naturals (get "face" pairs) else []);
    negative = (weight = "-1") }

let marked header = List.mem header.claim [Exact; GatedUnits]

let leaf_of header pairs =
  let exact = marked header and units = header.claim <> Regions and maps = List.mem header.claim [Exact; Ignore] in
  members pairs (["record"; "witness"] @ (if units then ["units"] else []) @ (if maps then ["map"] else [])
    @ if exact then ["absent"] else []);
  let absent = if not exact then [] else
    List.map (fun entry -> let f, r = pair entry in (naturals f, reason r)) (array (get "absent" pairs)) in
  let map = if maps then List.map rationals (array (get "map" pairs)) else [] in
  let stated = if units then List.map (unit_of exact) (array (get "units" pairs)) else [] in
  Leaf (absent, map, stated, rationals (get "witness" pairs))

let strict_side header pairs =
  if not (marked header) then (members pairs ["record"; "neuron"]; None) else begin
    members pairs ["record"; "neuron"; "strict"];
    match get "strict" pairs with
    | Text "+" -> Some true | Text "-" -> Some false | _ -> fail "strict is neither + nor -"
  end

(* [opened] counts the open nodes; what a node is part of is made by [made], once the nodes below it are read. *)
let tree_of header next opened =
  let rec node made =
    let pairs = next () in
    match text (get "record" pairs) with
    | "layer" ->
        members pairs ["record"; "active"; "inactive"; "layer"; "planes"; "undecided"];
        let number = natural (get "layer" pairs) in
        let active = decided (get "active" pairs) and inactive = decided (get "inactive" pairs) in
        let planes = List.map rationals (array (get "planes" pairs)) in
        let undecided = naturals (get "undecided" pairs) in
        node (fun below -> made (EnterLayer (number, active, inactive, planes, undecided, below)))
    | "stable" ->
        members pairs ["record"; "active"; "inactive"];
        let active = decided (get "active" pairs) and inactive = decided (get "inactive" pairs) in
        node (fun below -> made (Stable (active, inactive, below)))
    | "redundant" ->
        members pairs ["record"; "constraints"];
        let constraints = decided (get "constraints" pairs) in
        node (fun below -> made (Redundant (constraints, below)))
    | "split" ->
        let side = strict_side header pairs in
        let neuron = natural (get "neuron" pairs) in
        node (fun above -> node (fun below -> made (Split (neuron, side, above, below))))
    | "leaf" -> made (leaf_of header pairs)
    | "open" -> members pairs ["record"]; incr opened; made Open
    | _ -> fail "no node of the tree" in
  node Fun.id

(* ---- The end *)

(* How many units of layer 2 one entry stands for: sections 12.3 and 15.3. *)
let units_of_entry header (network : Net.network) =
  if header.claim <> GatedUnits then 2 * header.outputs else
    let top = network.Net.output and last_hidden = List.length network.Net.hidden in
    let reads_it = last_hidden > 0 && List.mem last_hidden top.Net.reads in
    let rest = if last_hidden = 0 || top.Net.reads <> [last_hidden] then 2 * header.outputs else 0 in
    let width = if reads_it then List.length (List.nth network.Net.hidden (last_hidden - 1)).Net.neurons else 0 in
    let used k = List.exists (fun (h : Net.form) ->
      let row = h.Net.weights in Integers.sign (List.nth row (List.length row - width + k)).qnum <> 0) top.Net.neurons in
    List.length (List.filter used (List.init width Fun.id)) + rest

let check_end header network opened tally digest pairs =
  require (get "record" pairs = Text "end") "expected the end record";
  let leaves = Integers.to_int tally.leaf_count and faces = Integers.to_int tally.face_count in
  let equality = header.claim <> Regions and maps = List.mem header.claim [Exact; Ignore] in
  members pairs (["record"; "leaves"; "open"; "sha256"] @ (if header.claim <> GatedUnits then ["activation_regions"] else [])
    @ (if equality then ["faces"; "units"] else []) @ if maps then ["affine_pieces"; "linear_regions"] else []);
  let counted name number = require (natural (get name pairs) = number) ("the count of " ^ name ^ " is another") in
  if header.claim <> GatedUnits then counted "activation_regions" leaves;
  counted "leaves" leaves;
  counted "open" opened;
  if equality then begin
    counted "faces" faces;
    let units = objects (get "units" pairs) in
    members units ["layer1"; "layer2"];
    require (natural (get "layer1" units) = 2 * (header.inputs + Integers.to_int tally.plane_count)) "the count of layer1 is another";
    require (natural (get "layer2" units) = units_of_entry header network * faces) "the count of layer2 is another"
  end;
  if maps then begin
    let pieces = natural (get "affine_pieces" pairs) and regions = natural (get "linear_regions" pairs) in
    require (pieces <= regions && regions <= leaves && (pieces = 0) = (leaves = 0)) "reported counts disagree"
  end;
  require (text (get "sha256" pairs) = digest) "only the hash fails"
