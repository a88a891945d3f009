"""Read a user's file of questions: SQuAD, JSON lines, JSON, CSV or Parquet, told apart by content.

Re-exports only; the work is in the modules of this room.
"""

from robustness.questions.files.fields import Row
from robustness.questions.files.file import QuestionFile, read_questions

__all__ = ["QuestionFile", "Row", "read_questions"]
