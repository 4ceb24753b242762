"""Children's services are asked to look after children, and answer within their time."""

from referrals.services.children.referring import Concern, refer_children
from referrals.services.children.waiting import let_answer_go, note_children_answer

__all__ = ["Concern", "let_answer_go", "note_children_answer", "refer_children"]
