"""The guide to pictures, the report, and notebooks. Numbers are rounded here, for display, and never before.

## Pictures

`verishallow plot NETWORK -o FILE.svg` (or a certificate; or `.pdf`, `.png`, `.html`; `pip install
'verishallow[plot]'`) draws

- the graph of a function of one input, with its breakpoints;
- the regions of one of two inputs, coloured by affine piece, activation pattern, output or class (`--color`), with the
  decision boundary and your data (`--data`, `.npy` or `.csv`) over them, or its surface (`--surface`);
- the cells of one of three inputs, which an `.html` lets you turn in any browser, without a network connection;
- with `--twin`, the deep network beside the three-layer network that equals it;
- of a certificate of a property of one or two inputs the cells of its tree, coloured by their depth or kind (`--color
  depth`, `--color kind`): hatched where signs of deeper neurons split them too, crossed where they are still open; of
  one input below the graph; of a counterexample the point.

Larger networks are drawn on a line or a plane through their inputs (`--line`, `--plane`, `--slice`). Every polygon is
exact until it is drawn, the colours are safe for colour-blind readers, ten thousand regions stay legible, and the same
picture has the same bytes.

    verishallow plot proofs/sawtooth-3/network.json --domain proofs/sawtooth-3/domain.json -o sawtooth.svg
    verishallow plot proofs/iris/network.onnx --plane 5.8,3,1,0 5.8,3,7,0 5.8,3,1,3 --color class -o iris.pdf

In Python: `verishallow.plot`, and `plot_graph`, `plot_regions`, `plot_surface`, `plot_cells`, `plot_twin`, which
return the axes or figures of matplotlib and plotly.

## A report

`verishallow report NETWORK -o report.html` (or a certificate) writes one page that needs no network connection, no
server and no installation to be read: the claim and the verdict of the stand-alone checker, counts, sizes of the deep
and the three-layer network, the exact range of every output, and on a bounded domain volumes, feature importance and
the share of each class. One or two inputs get a picture in which every region can be clicked; the panel then shows its
formula, its rules with the names of the features, the neurons behind them, and its lines of the certificate, which is
in the page and can be saved from it. The table of regions is searched and sorted. Numbers are rounded only where they
are shown, and marked; a switch shows them exactly. Up to 20,000 regions are drawn and listed; volumes are computed
where that is quick (with `--volumes` always).

`verishallow report CERT` of a certificate that `verishallow verify` wrote says the property in words and numbers, the
verdict, and the checker's files that it stands in; then the tree (its nodes, depth, halvings and splits by signs), and
a table of its leaves and open nodes, which is searched and sorted; or the counterexample, exactly, with the rows that
it violates. It lists boxes of any number of inputs. From Python, `verishallow.report(certificate)` is the page:

>>> import verishallow
>>> modulus = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
>>> page = verishallow.report(verishallow.prove(modulus, "box:-1,1"), title="|x|")
>>> page.startswith(b"<!DOCTYPE html>"), b"<h1>|x|</h1>" in page
(True, True)
>>> outcome = verishallow.verify(modulus, lambda inputs, outputs: outputs[0] > 1, "box:-1,1")
>>> b"no x in D with y_0 &gt; 1" in verishallow.report(outcome.certificate)
True

## Notebooks

In a notebook, networks, regions, complexes and certificates show themselves as tables, pictures and formulas. The
articles in `notebooks/` use all of this; they begin with a tutorial of ten minutes.
"""
