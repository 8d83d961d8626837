"""All examples of RULES.md worked by hand; the reference and the engine are both run on them."""

from tests.loyalty.examples_earning import EARNING
from tests.loyalty.examples_lots import LOTS
from tests.loyalty.examples_rebate import REBATE
from tests.loyalty.examples_refunds import REFUNDS
from tests.loyalty.examples_tiers import TIERS

EXAMPLES = [*EARNING, *LOTS, *REFUNDS, *TIERS, *REBATE]
