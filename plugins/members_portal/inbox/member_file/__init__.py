"""The file of members, edited as text: comments and everything else stay byte for byte.

members_file.py  members.yaml or members.csv, checked before it is replaced
yaml_edit.py     a value set, or a member added, in YAML
csv_edit.py      cells set, or a row added, in CSV
member_id.py     the next free id
"""
