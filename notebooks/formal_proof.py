# %% [markdown]
# # The theorem, and one network's proof, in Coq
#
# A proof on paper may have a gap, and a checker may have an error. Both are excluded, as far as that is possible, when
# a proof assistant has read every step. The folder `proofs/formal` contains such proofs, in Coq: of the theorem for
# all networks at once, and of a checker of certificates. This article reads the statements, which is all that a
# sceptic has to read, and then lets a certificate become a theorem about one network.
#
# Everything printed below is text of these files, or is made from a certificate. What Coq says about it is checked by
# the tests of the project, which also give Coq the very file that is printed here.

# %%
import re
from pathlib import Path

import matplotlib.pyplot as plt

import verishallow
from verishallow import ReLUNetwork
from verishallow.write.logic.coq import coq

plt.rcParams.update({"figure.dpi": 80, "font.size": 9})
FORMAL = Path("../proofs/formal")


def section(file: str, title: str) -> str:
    """The section of a Coq file with this title."""
    return re.search(rf"\(\*\* \*\* {title}.*?(?=\n\(\*\* \*\*|\nEnd )", (FORMAL / file).read_text(), re.DOTALL)[0]


def theorem(file: str, name: str) -> str:
    """The statement of a theorem."""
    return re.search(rf"^Theorem {name}\b.*?(?=^Proof)", (FORMAL / file).read_text(), re.DOTALL | re.MULTILINE)[0]


# %% [markdown]
# ## What a deep network is
#
# The definitions are made once for every ordered ring `K`, and used for the rationals and for the reals. A network is
# a list of hidden layers and an output layer; every layer says which sources it reads, so that residual and branching
# networks need nothing else.

# %%
print(section("Network.v", "Deep networks"))

# %% [markdown]
# ## What a shallow network is
#
# Infinite weights need care. `plus` is a partial function: for inf - inf it is `None`, and `evaluate` is `None` as
# soon as one sum is. A statement that says `evaluate S x = Some ...` therefore says also that nothing undefined has
# been met on the way. That the first and the third layer are finite, and that the second has no weight +inf, is in the
# type.

# %%
print(section("Network.v", "Extended numbers"))
print(section("Network.v", "Three-layer networks"))
print(section("Network.v", "The claim"))

# %% [markdown]
# ## The theorem
#
# For every network and every number of inputs there is a three-layer network that is defined everywhere and has the
# same values everywhere. Nothing is assumed of the network: not general position, not that its regions have interior
# points, not even that the shapes of its weights agree (missing entries count as 0).

# %%
print(theorem("Rationals.v", "any_deep_relu_network_is_shallow"))
print(theorem("Reals.v", "any_deep_relu_network_is_shallow_over_the_reals"))

# %% [markdown]
# The proof constructs the network. Each neuron of each layer splits every cell in two, a closed side $h \ge 0$ and a
# strict side $h < 0$. The strict side is the closed one without its face $h = 0$, so that each cell of the tree is a
# sum of closed faces with signs; and the indicator of a closed face is what weights $-\infty$ can compute, since
# $\mathrm{ReLU}(F(x) - \infty \cdot v(x))$ is $\mathrm{ReLU}(F(x))$ where the violation $v$ is 0, and 0 elsewhere.
# Cells may be empty: then nothing is said about them. This network is far too large to be used, and no geometry is
# needed to build it. The checker is about the small ones.

# %% [markdown]
# ## The checker
#
# `check` is a Coq function. It walks the tree of a certificate as `proofs/FORMAT.md` says, and returns how many
# leaves, faces and planes it met, or `None`. Here is what has been proved about it: if it accepts, the network that
# *the certificate states* equals the deep one, at each point of the domain.

# %%
print(theorem("Verified.v", "certificate_is_equality"))
print(theorem("Gated.v", "gated_certificate_is_equality"))
print(theorem("Verified.v", "certificate_is_multiple"))

# %% [markdown]
# The same function, extracted to OCaml, is the program `verified_check`: it reads the ordinary certificate file and
# gives the verdicts of `checker.py`, several times faster. That it always gives the same verdict is tested on every
# stored case, and on thousands of random changes.

# %% [markdown]
# ## One network
#
# A small network of two inputs: by how much the maximum of $x_0$ and $x_1$ exceeds 1.

# %%
network = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [-1], [0, 1]), ([[1]], [0])])
certificate = verishallow.prove(network, domain="box:-2,2")
print(certificate.check())
figure, axes = plt.subplots(figsize=(3.6, 3.2))
verishallow.plot_regions(certificate, axes=axes)
plt.show()

# %% [markdown]
# As a Coq file: the definition of the network, that of the domain, the tree with its reasons, and the theorem in the
# last line. In the command line this is `verishallow export CERT --to coq -o theorem.v`.

# %%
print(coq(certificate).decode())

# %% [markdown]
# `coqc` accepts it in about a second: its kernel runs `check` on the tree, finds that the result is the number of
# leaves, faces and planes stated, and has then a proof of the last line. A file of 490 regions takes 8 seconds. When
# one number of it is changed, a weight, a reason, a witness, a unit's gates, the line `Proof. vm_cast_no_check` is
# refused, for the two sides of the equation are then different terms.

# %% [markdown]
# ## What is trusted
#
# All assumptions that Coq finds in the proofs, in the order of `Assumptions.v`, are printed by `make` and compared
# with the guide in every test run. Only the theorem over the reals has any: the two axioms with which Coq's standard
# library constructs the real numbers.

# %%
print(re.search(r"```assumptions\n(.*?)```", (FORMAL / "README.md").read_text(), re.DOTALL)[1])

# %% [markdown]
# So a reader of the last line above trusts Coq's kernel, the definitions printed at the beginning, and that `f` and
# `domain` are the network and the domain that are meant. A user of `verified_check` trusts further the extraction to
# OCaml, zarith's integers in the place of Coq's, and a parser of 300 lines. The step from an ONNX file to the rational
# network lies outside of both, as it lies outside of every checker of certificates.
