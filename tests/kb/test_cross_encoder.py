"""Laws of the optional second look, with a tiny cross-encoder made here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from kb.ask import KnowledgeBase
from kb.cross_encoder import judged, load_judge
from kb.embed import shipped_model
from kb.errors import ModelUnavailable
from kb.settings import Settings
from tests.conftest import Shelf

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer with weights of chance, and the tokenizer that ships."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(7)
    tokenizer = AutoTokenizer.from_pretrained(str(shipped_model()))
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_the_judge_gives_each_text_a_value_from_0_to_1(tiny: Path) -> None:
    values = load_judge(str(tiny))("who tells the council?", ["The carer tells the council.", "Keep the cot clear."])

    assert values.shape == (2,)
    assert ((values >= 0) & (values <= 1)).all()


def test_hits_come_in_the_order_of_score_and_judgement_together(shelf: Shelf) -> None:
    shelf.ingest()
    base = KnowledgeBase(Settings(data=shelf.data), shelf.words.model)
    hits = base.found("what must the carer do", TODAY)
    last = hits[-1].passage.id

    again = judged(hits, "any", lambda _, texts: np.eye(len(texts))[-1])

    assert again[0].passage.id == last
    assert sorted(hit.passage.id for hit in again) == sorted(hit.passage.id for hit in hits)
    assert all(0 <= hit.score <= 1 for hit in again)


def test_a_cross_encoder_named_by_the_setting_is_asked(shelf: Shelf, tiny: Path) -> None:
    shelf.ingest()
    plain = Settings(data=shelf.data)

    scores = [
        {hit.passage.id: hit.score for hit in KnowledgeBase(each, shelf.words.model).ask("the carer", TODAY).kept}
        for each in (plain, replace(plain, cross_encoder=str(tiny)))
    ]

    assert scores[0].keys() == scores[1].keys()
    assert scores[0] != scores[1]


def test_a_cross_encoder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="Name a model's folder"):
        load_judge(str(tmp_path / "nothing"))
