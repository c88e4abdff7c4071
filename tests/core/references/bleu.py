# SPDX-License-Identifier: GPL-3.0-or-later
"""What sacrebleu makes of awkward sentences: writes bleu.json beside this file, for tst_bleu (BLEU and chrF).
Nothing is read from Descent. Made with sacrebleu 2.6.0; the last entry needs ../shared/data/translation:

    python3 -m venv /tmp/metrics-venv && /tmp/metrics-venv/bin/pip install sacrebleu
    /tmp/metrics-venv/bin/python tests/core/references/bleu.py
"""
import json
import pathlib

import numpy
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

FOLDER = pathlib.Path(__file__).parent
GERMAN = FOLDER.parents[3] / "shared/data/translation/multi30k-val.de"

TEXTS = [
    "", " ", ".", "...", "-", "1", "a", "Hello, world!", "It's 3.14, not 3,14.", "a.b,c;d:e?f!g", "10,000.50 dollars (US)",
    "1990-1995 and well-known", "5-", "-5", "x-5-y", "a,1", "1,a", "1.", ".1", ",,..,,", "1.,2", "end.", "end.\u201d", "\u201eend.\u201c",
    "&quot;quoted&quot; &amp; &lt;b&gt; &amp;lt; &nbsp; &", "R&D", "<skipped>", "a<skipped>b <skip<skipped>ped>", "soft-\nbreak",
    "two\nlines", "trailing-\n", "tab\tand\x0bvertical\x0cform\rreturn", "unit\x1fseparator\x1c", "no\u00a0break\u202fspace\u3000wide\u1680ogham",
    "zero\u200bwidth", "Zwei Männer stehen am Herd und bereiten Essen zu.", "Grüße, Ölsardinen für 2,50€ (heiß)!", "naïve café—déjà-vu…",
    "Straße.Übung,ärger", "ü.ü ü,1 1,ü", "日本語の文。次の文、", "Привет, мир! Это тест.", "Ελληνικά, κείμενο.", "🙂. 🙂,🙂", "[a]{b}|c~d^e_f`g\\h/i@j#k$l%m&n*o+p=q\"r'",
    "don't 'quote' ''x''", "http://example.org/a-b?c=1.5,d", "  many   blanks  ", "A.B.C. U.S.A.", "$5.00/£6,00", "50%-60%",
]
WORDS = ["a", "man", "dog", "Hund", "der", "läuft", "über", "die", "Straße", "1,000", "3.5", "20-30", "well-known", "it's", "Mr.", "(x)", "ÄRGER",
         "Привет", "日本", "&quot;", "U.S.", "ΓΕΙΑ", "$5", "end.", "Yes,", "no!"]


def scored(name, hypotheses, references, lowercase, keep=True):
    metric = BLEU(lowercase=lowercase)
    score = metric.corpus_score(hypotheses, [references])
    characters = CHRF(lowercase=lowercase)
    chrf = characters.corpus_score(hypotheses, [references]).score
    entry = {"name": name, "lowercase": lowercase, "score": score.score, "matches": list(map(int, score.counts)),
             "counts": list(map(int, score.totals)), "precisions": list(score.precisions), "penalty": score.bp,
             "lengths": [score.sys_len, score.ref_len], "signature": metric.get_signature().format(),
             "chrf": chrf, "chrfSignature": characters.get_signature().format()}
    return entry | ({"hypotheses": hypotheses, "references": references} if keep else {})


def worsened(lines):
    """The rule that tst_bleu repeats: every (3 + i % 5)th word is left out; every fourth sentence is the next one's."""
    result = []
    for i, _ in enumerate(lines):
        line = lines[(i + 1) % len(lines)] if i % 4 == 0 else lines[i]
        result.append(" ".join(word for k, word in enumerate(line.split(" ")) if (k + 1) % (3 + i % 5) != 0))
    return result


def main():
    random = numpy.random.default_rng(20261124)
    tokenizer = Tokenizer13a()
    tokens = [[text, tokenizer(text.rstrip()).split()] for text in TEXTS]
    cases = [
        scored("equal", ["The cat sat on the mat."], ["The cat sat on the mat."], False),
        scored("nothing right", ["one two three four"], ["five six seven eight"], False),
        scored("nothing said", ["", ""], ["a man", "two dogs are there"], False),
        scored("nothing wanted", ["a man is here"], [""], False),
        scored("nothing at all", ["", ""], ["", ""], False),
        scored("three words", ["a man sits"], ["a man sits"], False),
        scored("four words", ["a man sits down"], ["a man sits there"], False),
        scored("one word right of many", ["a b c d e f"], ["x y c z w v"], False),
        scored("Papineni's the", ["the the the the the the the"], ["The cat is on the mat"], False),
        scored("too long", ["a man sits on a chair and reads a book"], ["a man sits on a chair"], False),
        scored("too short", ["a man sits on a"], ["a man sits on a chair and reads a book"], False),
        scored("case", ["A MAN SITS ON ÜBER-ÄPFEL DA"], ["a man sits on über-äpfel da"], False),
        scored("case aside", ["A MAN SITS ON ÜBER-ÄPFEL, ПРИВЕТ ΓΕΙΑ DA"], ["a man sits on über-äpfel, привет γεια da"], True),
        scored("texts against themselves reversed", TEXTS, TEXTS[::-1], False),
        scored("texts against their blanks doubled", TEXTS, [t.replace(" ", "  ") for t in TEXTS], True),
    ]
    for i in range(20):
        references, hypotheses = [], []
        for _ in range(int(random.integers(1, 9))):
            words = list(random.choice(WORDS, int(random.integers(0, 14))))
            own = [w if random.random() < 0.8 else str(random.choice(WORDS)) for w in words if random.random() < 0.9]
            references.append(" ".join(words))
            hypotheses.append(" ".join(own).upper() if random.random() < 0.1 else " ".join(own))
        cases.append(scored(f"random {i}", hypotheses, references, bool(i % 2)))
    german = GERMAN.read_text(encoding="utf-8").rstrip("\n").split("\n")
    corpus = [scored("German", worsened(german), german, lowercase, keep=False) for lowercase in (False, True)]
    with open(FOLDER / "bleu.json", "w", encoding="utf-8") as file:
        file.write('{"tokens": [\n' + ",\n".join(json.dumps(entry) for entry in tokens) + '],\n"cases": [\n')
        file.write(",\n".join(json.dumps(case) for case in cases) + '],\n"german": [\n')
        file.write(",\n".join(json.dumps(case) for case in corpus) + "]}\n")


main()
