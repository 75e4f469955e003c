"""What the lights of a ledger are called, wherever they are shown."""

from faiwatch.core.text import Text

UNDEFINED, MISSING, NOT_APPLICABLE = "undefined", "missing", "not_applicable"
LIGHTS: dict[str, Text] = {
    "green": Text("绿灯", "green"),
    "excused": Text("记有原因", "reason recorded"),
    "yellow": Text("黄灯", "yellow"),
    "red": Text("红灯", "red"),
    "light_blue": Text("浅蓝灯", "light blue"),
    "blue": Text("蓝灯", "blue"),
    UNDEFINED: Text("规则未规定", "not covered by the rule"),
    MISSING: Text("缺数", "figure missing"),
    NOT_APPLICABLE: Text("不适用", "does not apply"),
}
