"""Exports of a shop as a source: `shop.yaml` in the folder of members names the export files and a mapping.

shopify.yaml, woocommerce.yaml  ready-made mappings: from columns of an export to columns of this portal
woocommerce.sql   views on the tables of WooCommerce, in PostgreSQL or SQLite
mapping.py        shop.yaml and mappings, validated
export_file.py    rows of an export
export_row.py     problems in the words of the export
export_notes.py   notes on rows that are left out, with their number
customer_table.py members from the customers' export
order_line.py     purchases from the rows of one order
order_number.py   texts of an order that are no numbers
order_refund.py   refunds that the export of orders states
order_rest.py     the parts of an order that refunds without items gave back
refund_match.py   parts of an order whose amounts make up a refund
refund_table.py   refunds from an export of transactions
shop_ledger.py    the ledger: all orders and refunds
shop_folder.py    the source
"""
