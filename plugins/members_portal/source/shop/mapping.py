"""shop.yaml and the mapping that it names: which column of an export becomes which column of this portal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from members_portal.loyalty.input.located_yaml import load_yaml, normal_key
from members_portal.loyalty.input.parsing import Model, parse
from members_portal.loyalty.input.problem import InvalidInput, Problem, check_regular, closest
from members_portal.loyalty.input.schema import Day, Record, Text, Words
from members_portal.source.folder import SHOP_FILE

READY_MADE = ("shopify", "woocommerce")
WOOCOMMERCE_PREFIX = "wc-"  # of the statuses in WooCommerce's tables; some exports keep it


class CustomerColumns(Record):
    """The columns of a customers' export; several columns are joined. `consent` is by channel."""

    id: Words
    given_name: Words
    family_name: Words = ()
    formal_name: Words
    email: Words = ()
    phone: Words = ()
    joined: Words = ()
    address_lines: Words = ()
    postcode: Words = ()
    city: Words = ()
    country: Words = ()
    consent: Mapping[Text, Text] = {}


class OrderColumns(Record):
    """The columns of an orders' export with a row for each item.

    The member is found by `customer` or `email`. The amount of an item is `total`, or `quantity` times `price` less
    `discount`; with `subtotal`, the items share it. `fees` below 0 are a discount, which the items share. With
    `order total`, refunds are reduced by the share of the total that is no purchase: tax added at checkout, duties,
    tips. `counted` are the statuses that count, `not counted` the known others. An order with a text in
    `cancelled` counts only with its refunds.
    """

    reference: Text
    date: Text
    customer: Text | None = None
    email: Text | None = None
    status: Text | None = None
    counted: Words = ()
    not_counted: Words = ()
    cancelled: Text | None = None
    currency: Text | None = None
    item: Text | None = None
    total: Words = ()
    quantity: Text | None = None
    price: Text | None = None
    discount: Text | None = None
    subtotal: Text | None = None
    postage: Words = ()
    fees: Words = ()
    order_total: Text | None = None
    tags: Text | None = None
    item_refunded: Text | None = None
    refunded: Text | None = None
    refunds: Text | None = None


class RefundColumns(Record):
    """The columns of an export of refunds, which may hold other transactions too."""

    reference: Text
    date: Text
    amount: Text
    currency: Text | None = None
    kind: Text | None = None
    kinds: Words = ()
    status: Text | None = None
    counted: Words = ()


class ColumnMapping(Record):
    """A mapping file."""

    customers: CustomerColumns
    orders: OrderColumns
    refunds: RefundColumns | None = None


class ShopRecord(Record):
    """shop.yaml. `shop` names a ready-made mapping or a mapping file; `tags` are by the beginning of an item's code.

    `joined` is the day of joining of a customer without a day of registration and without an order. `counted` and
    `not counted` are statuses of orders beside those of the mapping.
    """

    shop: Text
    customers: Text
    orders: Text | None = None
    refunds: Text | None = None
    joined: Day | None = None
    counted: Words = ()
    not_counted: Words = ()
    tags: Mapping[Text, Words] = {}


@dataclass(frozen=True)
class Shop:
    """A valid shop.yaml with its mapping."""

    folder: Path
    record: ShopRecord
    columns: ColumnMapping

    @property
    def is_ready_made(self) -> bool:
        return self.record.shop in READY_MADE

    def counts(self, status: str) -> bool | None:
        """Return whether orders of a status count; None for an unknown status."""
        record, orders, own = self.record, self.columns.orders, status_form(status)
        for named, answer in ((record.counted, True), (record.not_counted, False)):
            if own in map(status_form, named):
                return answer
        if own in map(status_form, orders.counted):
            return True
        return False if own in map(status_form, orders.not_counted) else None

    def tags_of(self, item: str) -> tuple[str, ...]:
        """Return the tags of an item's code: those of the longest beginning."""
        code = normal_key(item)
        fitting = [start for start in self.record.tags if code.startswith(start)]
        return self.record.tags[max(fitting, key=len)] if fitting else ()


def status_form(status: str) -> str:
    """Return the form in which statuses are compared: `On hold` is `on-hold`, `wc-completed` is `completed`."""
    return status.strip().lower().replace(" ", "-").replace("_", "-").removeprefix(WOOCOMMERCE_PREFIX)


def load_shop(folder: Path) -> Shop:
    """Read shop.yaml and its mapping; raise InvalidInput."""
    record = _parsed(ShopRecord, folder / SHOP_FILE)
    problems = list(_file_problems(folder, record))
    if problems:
        raise InvalidInput(problems)
    ready = record.shop in READY_MADE
    mapping = Path(__file__).with_name(f"{record.shop}.yaml") if ready else folder / record.shop
    return Shop(folder, record, _parsed(ColumnMapping, mapping))


def _parsed(model: type[Model], file: Path) -> Model:
    located = load_yaml(file)
    problems = [*located.problems]
    found = parse(model, located, located.value, problems=problems)
    if found is None or problems:
        raise InvalidInput(problems)
    return found


def _file_problems(folder: Path, record: ShopRecord) -> Iterator[Problem]:
    """Yield a problem for each file that is not in the folder."""
    located = load_yaml(folder / SHOP_FILE)
    for name in ("shop", "customers", "orders", "refunds"):
        file = getattr(record, name)
        if file is None or (name == "shop" and file in READY_MADE):
            continue
        if Path(file).name != file or not (folder / file).is_file():
            expected = f"{', '.join(READY_MADE)}, or a mapping file" if name == "shop" else "a file in this folder"
            hint = closest(file, READY_MADE) if name == "shop" else ""
            yield located.problem((name,), f"{name}: there is no file `{file:.60}`", expected, hint)
        else:
            check_regular(folder / file)
