"""Proofs that are kept and checked again: the guide of the plug-in for pytest, and of a library of proofs.

## Regression proofs in a test suite

The plug-in for pytest keeps proofs in `__certificates__/` beside the tests:

    def test_controller(certificate):
        certificate.holds_for("controller.onnx", domain="box:-1,1")

`pytest --certificates-update` proves what is missing or out of date; commit that folder. Every other run only checks
these files again with the stand-alone checker, and proves nothing. A test fails when its certificate is missing,
invalid or incomplete, or about another network, domain, claim or boundary, all compared by value. If the network has
changed, it shows the first region where old and new differ and a rational point of it with both outputs, or says that
both are the same function, and how to renew. Certificates that no test uses are named after a full run. It works under
pytest-xdist.

| in a test | what is kept |
|---|---|
| `certificate.holds_for("net.onnx", domain=...)` | the network equals its three-layer network |
| `certificate.regions_of("net.onnx", count=34)` | how many activation regions there are |
| `certificate.bounds_hold_for("net.onnx", {0: ("-1", "5")}, domain=...)` | bounds of outputs |
| `certificate.are_equal("net.onnx", "smaller.onnx")` | two networks are one function |

## A library of proofs

`proofs/` holds one theorem per folder, from the absolute value to Iris, and on slices: handwritten digits, a
perceptron and a convolution, on the triangle between three images, and collision avoidance with all but two inputs
fixed. Each has a network, its domain, its slice if it is about one, its certificate, and a paragraph. `verishallow
check proofs/` checks them all, each against the files beside it by value, and prints a table; its exit code is the
worst. The same works for a folder of your own: a certificate whose network has changed since is invalid, and so is a
network without one.
"""
