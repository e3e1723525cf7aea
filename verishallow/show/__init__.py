"""What a person sees: tables and progress. Rounding happens here, and nowhere below."""
