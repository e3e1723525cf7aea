r"""The constant prose of the certificate appendix, in LaTeX."""

STANDINGS = {
    "given": "by the network, the domain and the file;",
    "certified": "counted and compared by the checker;",
    "derived": "counted from units that the checker derives and compares;",
    "reported": "counted by the prover, and not by the checker.",
}
"""How a number is known."""

EVERYWHERE = "boundaries between regions included: there is no exceptional set, and no tolerance."

IGNORED = """\
where $k(x)$ is the number of closed cells of the certificate that contain $x$. So $S(x)=f(x)$ wherever $k(x)=1$, that
is, off finitely many pieces of hyperplanes: those along which cells are split. Equality is \\emph{not} claimed on these
pieces; the certificate was made with the boundaries of cells ignored."""

REGIONS = """\
%s $D$ has interior points, and exactly %s of %s: maximal non-empty open subsets of $D$ on which each hidden
neuron, before its ReLU, is positive throughout, negative throughout, or $0$ throughout."""

PIECES = """\
Affine pieces are the distinct affine maps of the regions; linear regions are the maximal connected sets, through
common facets, on which $f$ is one affine map; faces are the signed faces of cells, each with units of its own in
layer 2."""

NUMBERING = r"""
Inputs are $x_1,\dots,x_n$. Layers are numbered from $1$; neurons of a layer, outputs and constraints from $0$, as in
the file. An affine form $h$ stands for the half-space $h(x)\ge 0$; $\mathrm{ReLU}(t)=\max(t,0)$. All numbers are
rational and exact. A number such as $0.333333{\ldots}_{[21/22]}$ is abbreviated: these are its first digits, not
rounded, and its fraction has $21$ digits over $22$; all of them are in the certificate. A number may go on in the next
line.
"""

EXTENDED = r"""
\emph{Extended arithmetic.} The network with two hidden layers is
$S(x)=W_3\,\mathrm{ReLU}(W_2\,\mathrm{ReLU}(W_1x+b_1)+b_2)+b_3$. The entries of $W_1$, $W_3$ and all biases are
rational, those of $W_2$ rational or $-\infty$. The conventions are $0\cdot(-\infty)=0$; $p\cdot(-\infty)=-\infty$ for
$p>0$; $q+(-\infty)=(-\infty)+(-\infty)=-\infty$ for rational $q$; and $\mathrm{ReLU}(-\infty)=0$. The sum
$\infty-\infty$ is undefined, and never occurs: what layer 2 weighs with $-\infty$ is finite and not negative, as the
output of a ReLU, and layer 3 has finite weights.
"""

CONSTRUCTION = r"""
\emph{Construction.} Layer 1 has the units $\mathrm{ReLU}(\pm x_i)$, and $\mathrm{ReLU}(\pm p(x))$ for each hyperplane
$\{p=0\}$ along which a cell may be split. On each closed cell $P$ of the certificate $f$ is one affine map $F$. For $P$
and for each face of it that the certificate lists, where the constraints $c_j$, $j\in T$, vanish, and for each output
$o$, layer 2 has the two units $\mathrm{ReLU}(\pm F_o(x)-\infty\cdot v(x))$. Here $v$ is the sum of those units of layer
1 that vanish together, within $D$, on that face and nowhere else. Layer 3 adds the two with the weights
$\pm(-1)^{|T|}$, which gives $(-1)^{|T|}F_o(x)$ on the face and $0$ off it. %s (After Villani and Schoots,
\emph{Any Deep ReLU Network is Shallow}, arXiv:2306.11827.)
"""

COUNTED_ONCE = """\
Each split gives its hyperplane to one of the two sides, so that each point of $D$ belongs to just one cell; the signed
sum over the faces of a cell is $1$ at the points that belong to it, and $0$ at all others."""

COUNTED_OFTEN = """\
This certificate lists the cells alone, so a point counts once for each closed cell in which it lies."""

PROOF = r"""
\emph{Proof.} The certificate is a tree of closed cells, which cuts $D$ by the signs of neurons until all are decided.
That an affine form $h$ is not negative on a cell is shown by a Farkas certificate, an identity
$h=\lambda_\ast+\sum_i\lambda_i c_i$ with $\lambda_\ast,\lambda_i\ge 0$ over constraints $c_i\ge 0$ of the cell. Each
leaf has a rational point strictly inside. The checker recomputes all forms from the network alone, and accepts only if
each identity and everything that is derived from it holds.
"""

PROOFS = {
    "property": r"""
\emph{Proof.} The certificate is a tree of cells, which cuts $D$ by values of inputs and by signs of neurons. On each
leaf every conjunction is refuted by a lower bound of a sum of its rows with weights that are not negative. The bound is
found by substitution backwards: from the last layer to the first each neuron is replaced by an affine form of what it
reads that is nowhere greater there, all over rational numbers. The checker recomputes every bound from the network
alone.
""",
    "counterexample": r"""
\emph{Proof.} The checker evaluates the network at the point, over rational numbers.
""",
}
"""The proofs of claims that list no regions."""

TRUSTED = r"""\begin{itemize}
\item[$\bullet$] The proof, in the specification of the format, that a file that passes the checks implies the theorem.
\item[$\bullet$] The checker: one file, \texttt{checker.py}, on Python's standard library alone, of \mbox{SHA-256} %s;
  or any other program that is written from that specification.
\item[$\bullet$] What runs it: Python with its integers and its modules for JSON, gzip and SHA-256; the machine.
\item[$\bullet$] That the %s are the intended ones. Reading a network from
  another format, such as ONNX, lies outside the checker.
\end{itemize}
Whatever found the proof is not trusted. The theorem does not rest on SHA-256: hashes only name what it is about. In the
ancillary bundle (\texttt{verishallow export CERTIFICATE --to anc -o anc}) the command that checks all this is
\begin{quote}\raggedright
\texttt{%s}
\end{quote}"""

CONSTRAINTS = r"""
The constraints of a cell are numbered $c_0,c_1,\dots$: first the rows of the domain, then the sides of the splits above
it. Lines count from $1$, in the uncompressed file."""
