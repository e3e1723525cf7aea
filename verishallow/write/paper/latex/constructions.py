r"""How the network of two hidden layers is made, in LaTeX: one paragraph per construction."""

from verishallow.certificate.certificate import EQUALITIES, Certificate
from verishallow.claims.equality import CELLS
from verishallow.claims.gated import GATED
from verishallow.claims.merge import MERGE
from verishallow.claims.quantised import QUANTISED
from verishallow.rationals import rational
from verishallow.write.paper.latex.texts import CONSTRUCTION, COUNTED_OFTEN, COUNTED_ONCE, EXTENDED
from verishallow.write.paper.tex_numbers import number_latex

WRITTEN_OUT = (CELLS.name, MERGE.name, GATED.name, QUANTISED.name)
"""The constructions that have a paragraph."""

PIECES = r"""
\emph{Cells.} The cells of this certificate are convex pieces of $f$, divided by cuts along hyperplanes. The
signs of single neurons in them are not stated; below each piece the certificate proves that $f$ is affine on it.
"""

KEPT = """\
This certificate keeps only some cells. Their units give $f$ on their half-open cells, and $0$ elsewhere."""

ONE_UNIT = r"""
\emph{One unit.} The lower bounds $\ell_o\le f_o(x)$ on $D$ are proved on each cell. So layer 2 has, in the place of the
two units of an output $o$ above, only $\mathrm{ReLU}(F_o(x)-\ell_o-\infty\cdot v(x))$, with the weight $(-1)^{|T|}$ in
layer 3, whose bias for $o$ is $\ell_o$.
"""

GATED_UNITS = r"""
\emph{Construction.} The certificate decides the hidden layers of $f$ before the last two, on closed cells; on each of
them the neurons of the next layer have affine forms $h_j$ before their ReLU. Layer 1 has the units
$\mathrm{ReLU}(\pm x_i)$, and $\mathrm{ReLU}(\pm p(x))$ for each hyperplane $\{p=0\}$ of these neurons and of those in
front; each $\mathrm{ReLU}(h_j)$ is a multiple of one of them. For each cell and each face of it that the certificate
lists, where the constraints $c_j$, $j\in T$, vanish, and for each neuron $k$ of the last hidden layer that some output
reads, layer 2 has the unit $\mathrm{ReLU}(z_k(x)-\infty\cdot v(x))$. Here $z_k$ is what comes before its ReLU,
and $v$ is the sum of those units of layer 1 that vanish together, within $D$, on that face and nowhere else. Its
weights in layer 3 are those of the neuron, times $(-1)^{|T|}$. What outputs read from other layers passes through two
such units for each output. Layer 3 adds the bias of each output once. %s
"""

FINITE_GATES = r"""
\emph{Construction.} On the grid the values of an affine form $p$ are $u+kg$, $k$ an integer, with a residue $0\le u<g$.
Layer 1 has the units $\mathrm{ReLU}(\pm x_i)$, and $\mathrm{ReLU}(u-p(x))$ and $\mathrm{ReLU}(p(x)-u+g)$ for each
hyperplane $\{p=0\}$ along which a cell may be split: at each point of the grid one of them is $0$, and the other at
least $g$. On each closed cell $P$ of the certificate $f$ is one affine map $F$, and for each output $o$ layer 2 has the
two units $\mathrm{ReLU}(\pm F_o(x)-M\,v(x))$ with $M=%s$. Here $v$ is the sum of those units of layer 1 that vanish
together at the points of the grid that belong to $P$, and, within $D$, at no other one. Layer 3 subtracts the one from
the other. That $M$ times each of these units is at least $\pm F_o$ wherever in $D$ it is at least $g$ is shown by a
Farkas certificate for each. All weights are finite.
"""


def construction(certificate: Certificate) -> list[str]:
    """The conventions of arithmetic, and the construction; nothing for claims without a three-layer network."""
    if certificate.claim not in EQUALITIES:
        return []
    header, counted = certificate.header, COUNTED_OFTEN if certificate.boundary == "ignore" else COUNTED_ONCE
    if certificate.claim == "equality-on-cells":
        counted = f"{counted} {KEPT}"
    if header["construction"] == QUANTISED.name:
        return [FINITE_GATES % number_latex(rational(header["gate_weight"]))]
    if header["construction"] == GATED.name:
        return [EXTENDED, GATED_UNITS % counted]
    pieces = [PIECES] if header["construction"] == MERGE.name else []
    return [EXTENDED, *pieces, CONSTRUCTION % counted, *([ONE_UNIT] if "low" in header else [])]
