(** What the theorems rest on. *)
From Verishallow Require Rationals Reals Verified Gated Regions.
Print Assumptions Rationals.any_deep_relu_network_is_shallow.
Print Assumptions Reals.any_deep_relu_network_is_shallow_over_the_reals.
Print Assumptions Verified.certificate_is_equality.
Print Assumptions Verified.certificate_is_equality_on_slice.
Print Assumptions Verified.certificate_is_multiple.
Print Assumptions Gated.gated_certificate_is_equality.
Print Assumptions Gated.gated_certificate_is_equality_on_slice.
Print Assumptions Regions.regions_are_counted.
