"""Any finite number can be shown, however large or small, and is shown without loss."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from faiwatch.core.text import half_up, number

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite, st.integers(0, 4), st.sampled_from(["zh", "en"]))
@example(1.7976931348623157e308, 4, "zh")
@example(-1e26, 2, "en")
def test_any_finite_number_is_shown_to_within_half_a_digit(value, decimals, lang):
    shown = Decimal(number(value, lang, decimals).replace(",", "").replace("−", "-"))
    assert shown == half_up(value, decimals)
    error = abs(float(shown) - value)
    assert error <= max(0.5 * 10**-decimals * (1 + 1e-9) + 1e-10, abs(value) * 1e-15)
