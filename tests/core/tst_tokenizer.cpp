// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/text/tokenizer.h"
#include "engine/core/text/utf8.h"

#include <QFile>
#include <QTest>
#include <ctime>
#include <map>

using namespace descent;

namespace {

Tokenizer trainedOn(const TokenizerOptions& options, std::initializer_list<std::string_view> texts)
{
    return Tokenizer::trained(options, std::vector<std::string_view>{texts});
}

std::vector<std::string> piecesOf(const Tokenizer& tokenizer, std::string_view text)
{
    std::vector<std::string> pieces;
    for (const std::int32_t token : tokenizer.encode(text))
        pieces.push_back(tokenizer.piece(token));
    return pieces;
}

/// Byte-pair encoding by its definition: count every pair anew before each merge.
std::vector<Merge> mergesByDefinition(std::string_view text, int count)
{
    std::vector<std::vector<std::int32_t>> pieces;
    forEachPiece(text, [&](std::string_view piece) {
        std::vector<std::int32_t> tokens;
        for (const char c : piece)
            tokens.push_back(4 + static_cast<unsigned char>(c));
        pieces.push_back(tokens);
    });
    std::vector<Merge> merges;
    while (static_cast<int>(merges.size()) < count) {
        std::map<std::pair<std::int32_t, std::int32_t>, int> counts;
        for (const auto& piece : pieces)
            for (std::size_t i = 0; i + 1 < piece.size(); ++i)
                ++counts[{piece[i], piece[i + 1]}];
        const auto best = std::max_element(counts.begin(), counts.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        if (best == counts.end() || best->second < 2)
            break;
        const auto token = static_cast<std::int32_t>(4 + 256 + merges.size());
        merges.push_back({best->first.first, best->first.second});
        for (auto& piece : pieces)
            for (std::size_t i = 0; i + 1 < piece.size(); ++i)
                if (piece[i] == merges.back().left && piece[i + 1] == merges.back().right) {
                    piece[i] = token;
                    piece.erase(piece.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                }
    }
    return merges;
}

/// Words of few syllables, with repetitions inside ("aaa") and frequencies that often tie.
std::string madeUpText(std::uint64_t seed, int words)
{
    constexpr const char* syllables[]{"a", "aa", "ba", "lo", "na", "re", "\xC3\xA9", "st", "1", "!", "\n"};
    Random random{seed};
    std::string text;
    for (int i = 0; i < words; ++i) {
        for (auto left = random.below(4) + 1; left > 0; --left)
            text += syllables[random.below(std::size(syllables))];
        text += ' ';
    }
    return text;
}

constexpr TokenizerOptions characters{.kind = TokenizerKind::character};
constexpr TokenizerOptions bytePairs{.kind = TokenizerKind::bytePair, .vocabularySize = 400};

}

class TestTokenizer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void textsThatAreNotUtf8AreFound_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("valid");
        QTest::newRow("plain") << QByteArray{"abc"} << true;
        QTest::newRow("two, three and four bytes") << QByteArray{"\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80"} << true;
        QTest::newRow("a replacement character that was written") << QByteArray{"\xEF\xBF\xBD"} << true;
        QTest::newRow("Latin-1") << QByteArray{"caf\xE9!"} << false;
        QTest::newRow("overlong slash") << QByteArray{"\xC0\xAF"} << false;
        QTest::newRow("overlong in three bytes") << QByteArray{"\xE0\x80\xAF"} << false;
        QTest::newRow("a surrogate") << QByteArray{"\xED\xA0\x80"} << false;
        QTest::newRow("above U+10FFFF") << QByteArray{"\xF4\x90\x80\x80"} << false;
        QTest::newRow("cut") << QByteArray{"a\xE4\xB8"} << false;
        QTest::newRow("a tail alone") << QByteArray{"\x80"} << false;
    }
    void textsThatAreNotUtf8AreFound()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, valid);
        QCOMPARE(isUtf8(bytes.toStdString()), valid);
    }

    void anIncompleteCharacterIsHeldBack()
    {
        QCOMPARE(wholeCharacters("ab\xE4\xB8"), std::size_t{2});
        QCOMPARE(wholeCharacters("ab\xE4\xB8\xAD"), std::size_t{5});
        QCOMPARE(wholeCharacters("ab\xF0\x9F\x98"), std::size_t{2});
        QCOMPARE(wholeCharacters("ab\x80\x80\x80\x80\x80"), std::size_t{7}); // will never become one
        QCOMPARE(wholeCharacters(""), std::size_t{0});
    }

    void lettersAreLoweredBeyondAscii()
    {
        QCOMPARE(lowered("ABC xyz 12"), std::string{"abc xyz 12"});
        QCOMPARE(lowered("\xC3\x84\xC3\x9F\xC5\xBD\xCE\xA9\xD0\x96\xD0\x81"), std::string{"\xC3\xA4\xC3\x9F\xC5\xBE\xCF\x89\xD0\xB6\xD1\x91"});
        QCOMPARE(lowered("\xC3\x97\xC4\xB0\xE4\xB8\xAD\xFF"), std::string{"\xC3\x97\xC4\xB0\xE4\xB8\xAD\xFF"}); // no pair: stay
    }

    void charactersComeBackAsTheyWere()
    {
        const std::string text = "To be, or not to be \xE2\x80\x94 \xE4\xB8\xAD\xE6\x96\x87 \xF0\x9F\x98\x80\n\n";
        const Tokenizer tokenizer = trainedOn(characters, {text});
        const auto tokens = tokenizer.encode(text);
        QCOMPARE(static_cast<std::int64_t>(tokens.size()), countCharacters(text));
        QCOMPARE(tokenizer.decode(tokens), text);
        QCOMPARE(tokenizer.encode("z"), std::vector<std::int32_t>{Tokenizer::unknown});
        QCOMPARE(tokenizer.decode(tokenizer.encode("bz")), std::string{"b\xEF\xBF\xBD"});
    }

    void theMostFrequentComeFirstAndTiesByTheirBytes()
    {
        const Tokenizer tokenizer = trainedOn({.kind = TokenizerKind::word, .vocabularySize = 7}, {"b a c", "c b c", "d a"});
        QCOMPARE(tokenizer.vocabularySize(), 7);
        QCOMPARE(tokenizer.piece(4), std::string{"c"});
        QCOMPARE(tokenizer.piece(5), std::string{"a"});
        QCOMPARE(tokenizer.piece(6), std::string{"b"});
        QCOMPARE(tokenizer.encode("d"), std::vector<std::int32_t>{Tokenizer::unknown});
        const Tokenizer twice = trainedOn({.kind = TokenizerKind::word, .minimumCount = 3}, {"b a c", "c b c", "d a"});
        QCOMPARE(twice.vocabularySize(), 5);
    }

    void signsStandApartFromWords_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("a sentence") << "It's good, isn't it?" << QStringList{"it's", "good", ",", "isn't", "it", "?"};
        QTest::newRow("quotes") << "'quoted' \"so\"" << QStringList{"'", "quoted", "'", "\"", "so", "\""};
        QTest::newRow("numbers") << "the 2nd of 3.5" << QStringList{"the", "2nd", "of", "3", ".", "5"};
        QTest::newRow("umlauts") << QString::fromUtf8("Zwei M\xC3\x84NNER") << QStringList{"zwei", QString::fromUtf8("m\xC3\xA4nner")};
        QTest::newRow("Chinese") << QString::fromUtf8("\xE4\xB8\xAD\xE6\x96\x87\xE3\x80\x82")
                                 << QStringList{QString::fromUtf8("\xE4\xB8\xAD"), QString::fromUtf8("\xE6\x96\x87"),
                                                QString::fromUtf8("\xE3\x80\x82")};
        QTest::newRow("nothing") << "  \n" << QStringList{};
    }
    void signsStandApartFromWords()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, words);
        const std::string utf8 = text.toStdString();
        const Tokenizer tokenizer = trainedOn({.kind = TokenizerKind::word, .lowerCase = true}, {utf8});
        QStringList found;
        for (const std::string& piece : piecesOf(tokenizer, utf8))
            found << QString::fromStdString(piece);
        QCOMPARE(found, words);
    }

    void wordsAreJoinedAsPeopleWriteThem()
    {
        const std::string text = "Well, two (small) dogs!";
        const Tokenizer tokenizer = trainedOn({.kind = TokenizerKind::word}, {text});
        auto tokens = tokenizer.encode(text);
        tokens.insert(tokens.begin(), Tokenizer::begin);
        tokens.push_back(Tokenizer::end);
        tokens.push_back(Tokenizer::padding);
        QCOMPARE(tokenizer.decode(tokens), text);
    }

    void piecesJoinedAreTheText()
    {
        const std::string text = madeUpText(1, 500) + "  two blanks\t\tx " + std::string(200, 'y') + "\xFF\xFE  ";
        std::string joined;
        forEachPiece(text, [&](std::string_view piece) {
            QVERIFY(!piece.empty() && piece.size() <= longestPiece);
            joined += piece;
        });
        QCOMPARE(joined, text);
    }

    /// "Neural Machine Translation of Rare Words with Subword Units", section 3.2: low, lower, newest, widest.
    void theFirstMergesAreThoseOfThePaper()
    {
        std::string text;
        for (const auto& [word, count] : {std::pair{"low", 5}, {"lower", 2}, {"newest", 6}, {"widest", 3}})
            for (int i = 0; i < count; ++i)
                text += std::string{word} + "\n";
        const Tokenizer tokenizer = trainedOn({.kind = TokenizerKind::bytePair, .vocabularySize = 4 + 256 + 3}, {text});
        QCOMPARE(tokenizer.piece(260), std::string{"es"});
        QCOMPARE(tokenizer.piece(261), std::string{"est"});
        QCOMPARE(tokenizer.piece(262), std::string{"lo"});
    }

    void mergesAreThoseOfTheDefinition_data()
    {
        QTest::addColumn<int>("words");
        for (const int words : {3, 20, 200, 1000})
            QTest::addRow("%d words", words) << words;
    }
    void mergesAreThoseOfTheDefinition()
    {
        QFETCH(int, words);
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const std::string text = madeUpText(seed, words);
            const std::string_view view = text;
            QCOMPARE(learnMerges({&view, 1}, 120, 4), mergesByDefinition(text, 120));
        }
    }

    void anyBytesComeBackFromBytePairs()
    {
        const Tokenizer tokenizer = trainedOn(bytePairs, {madeUpText(2, 500)});
        std::string text = madeUpText(3, 100) + "unseen \xE4\xB8\xAD\n";
        Random random{5};
        for (int i = 0; i < 1000; ++i)
            text += static_cast<char>(random.below(256));
        const auto tokens = tokenizer.encode(text);
        QCOMPARE(tokenizer.decode(tokens), text);
        QVERIFY(tokens.size() < text.size());
        QVERIFY(std::find(tokens.begin(), tokens.end(), Tokenizer::unknown) == tokens.end());
    }

    void specialTokensAreNoText()
    {
        const Tokenizer tokenizer = trainedOn(bytePairs, {"abc"});
        QCOMPARE(tokenizer.decode(std::vector<std::int32_t>{2, 4 + 'a', 0, 3, -7, 1 << 30}), std::string{"a\xEF\xBF\xBD\xEF\xBF\xBD"});
        QCOMPARE(tokenizer.decode(tokenizer.encode("<end>")), std::string{"<end>"}); // what a person writes stays text
    }

    void aTokenizerComesBackFromJson_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("words") << static_cast<int>(TokenizerKind::word);
        QTest::newRow("characters") << static_cast<int>(TokenizerKind::character);
        QTest::newRow("byte pairs") << static_cast<int>(TokenizerKind::bytePair);
    }
    void aTokenizerComesBackFromJson()
    {
        QFETCH(int, kind);
        const std::string text = madeUpText(4, 300) + "\"quoted\\\" \xE4\xB8\xAD";
        const Tokenizer tokenizer =
            trainedOn({.kind = static_cast<TokenizerKind>(kind), .lowerCase = true, .vocabularySize = 300}, {text});
        const auto read = Tokenizer::fromJson(tokenizer.toJson());
        QVERIFY(read);
        QVERIFY(*read == tokenizer);
        QCOMPARE(read->encode(text), tokenizer.encode(text));
    }

    void aDamagedTokenizerIsRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        const QByteArray head = R"({"version":1,"lowerCase":false,"vocabularySize":300,"minimumCount":1,)";
        QTest::newRow("nothing") << QByteArray{};
        QTest::newRow("a list") << QByteArray{"[]"};
        QTest::newRow("another version") << QByteArray{R"({"version":2,"kind":"word","pieces":[]})"};
        QTest::newRow("a kind unknown") << head + R"("kind":"sentence","pieces":[]})";
        QTest::newRow("pieces missing") << head + R"("kind":"word"})";
        QTest::newRow("a piece twice") << head + R"("kind":"word","pieces":["a","a"]})";
        QTest::newRow("a piece empty") << head + R"("kind":"word","pieces":[""]})";
        QTest::newRow("a piece of a number") << head + R"("kind":"word","pieces":[1]})";
        QTest::newRow("a merge of a later token") << head + R"("kind":"byte-pair","merges":[[4,260]]})";
        QTest::newRow("a merge of a special token") << head + R"("kind":"byte-pair","merges":[[0,5]]})";
        QTest::newRow("a merge below all") << head + R"("kind":"byte-pair","merges":[[-9223372036854775808,5]]})";
        QTest::newRow("a merge twice") << head + R"("kind":"byte-pair","merges":[[4,5],[4,5]]})";
        QTest::newRow("a merge that doubles for ever")
            << head + R"("kind":"byte-pair","merges":[[4,4],[260,260],[261,261],[262,262],[263,263],[264,264],[265,265]]})";
        QTest::newRow("nested without end") << QByteArray(100'000, '[');
        QTest::newRow("deep inside") << head + R"("kind":"word","pieces":[[[[[[]]]]]]})";
    }
    void aDamagedTokenizerIsRefused()
    {
        QFETCH(QByteArray, json);
        const auto read = Tokenizer::fromJson(json.toStdString());
        QVERIFY(!read);
        QCOMPARE(read.problems.size(), std::size_t{1});
    }

    void readingStopsWhenItIsTold()
    {
        std::stop_source source;
        source.request_stop();
        const std::string text = madeUpText(6, 100);
        const std::string_view view = text;
        QVERIFY_THROWS_EXCEPTION(Cancelled, Tokenizer::trained(bytePairs, {&view, 1}, source.get_token()));
    }

    void eightThousandMergesTakeSeconds()
    {
        QFile file{SHARED_DATA_DIR "/text/tinyshakespeare.txt"};
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("no tinyshakespeare.txt beside the checkout");
        const std::string text = file.readAll().toStdString();
        const std::string_view view = text;
        // Of the processor: beside other programs the clock on the wall says little.
        const auto milliseconds = [begin = std::clock()]() { return 1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC; };
        const Tokenizer tokenizer =
            Tokenizer::trained({.kind = TokenizerKind::bytePair, .vocabularySize = 4 + 256 + 8000}, {&view, 1});
        const double trained = milliseconds();
        const auto tokens = tokenizer.encode(text);
        qInfo("8,000 merges from 1.1 MB: %.0f ms; encoded in %.0f ms; %.2f bytes a token", trained, milliseconds() - trained,
              static_cast<double>(text.size()) / static_cast<double>(tokens.size()));
        QVERIFY(trained < 3'000);
        QCOMPARE(tokenizer.vocabularySize(), 8260);
        QCOMPARE(tokenizer.decode(tokens), text);
        QVERIFY(tokens.size() * 3 < text.size());
    }
};

QTEST_GUILESS_MAIN(TestTokenizer)
#include "tst_tokenizer.moc"
