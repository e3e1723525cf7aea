"""Proofs that are kept and checked again: the guide of the plug-in for pytest, and of a library of proofs.

## Regression proofs in a test suite

The plug-in for pytest keeps proofs in `__certificates__/` beside the tests:

    def test_controller(certificate):
        certificate.holds_for("controller.onnx", domain="box:-1,1")

`pytest --certificates-update` proves what is missing or out of date; commit that folder. Every other run proves
nothing and only checks these files again with the stand-alone checker. A test fails if its certificate is missing,
invalid or incomplete, or about another network, domain, claim or boundary, all compared by value. If the network has
changed, the failure shows the first region where old and new differ and a rational point there with both outputs, or
says that both are the same function; it also says how to renew. After a full run, certificates that no test uses are
listed. The plug-in works under pytest-xdist.

| in a test | what is proved |
|---|---|
| `certificate.holds_for("net.onnx", domain=...)` | the network equals its three-layer network |
| `certificate.regions_of("net.onnx", count=34)` | the number of activation regions |
| `certificate.bounds_hold_for("net.onnx", {0: ("-1", "5")}, domain=...)` | bounds of outputs |
| `certificate.are_equal("net.onnx", "smaller.onnx")` | two networks are one function |
| `certificate.property_holds("net.onnx", "property.vnnlib")` | what is unsafe never happens |
| `certificate.is_robust("net.onnx", at=[...], radius="1/255")` | one class wins on a whole ball |
| `certificate.within("net.onnx", "smaller.onnx", "1/100", domain=...)` | two networks differ by at most that much |

What is unsafe may be written in Python too, as in the guide of `verishallow.verify`. A property that is violated fails
the test at an exact point, each number with its decimal beside it.

## A library of proofs

`proofs/` holds one theorem per folder, from the absolute value to Iris, and on slices: handwritten digits, a perceptron
and a convolution, on the triangle between three images, and collision avoidance with all but two inputs fixed. Each
folder has a network, a domain, a slice if the theorem is about one, a certificate, and a paragraph. `verishallow check
proofs/` checks them all, each against the files beside it by value, and prints a table; its exit code is that of the
worst verdict. The same works for a folder of your own: a certificate whose network has changed is invalid, and so is a
network without a certificate.
"""
