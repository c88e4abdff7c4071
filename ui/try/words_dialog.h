// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/core/run/question.h"

#include <QDialog>
#include <QStringList>

#include <filesystem>
#include <memory>
#include <thread>

class QCheckBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace descent {

class RunAsker;

/// How likely each of some words is, as bars, the likeliest first.
class WordBars : public QWidget
{
    Q_OBJECT
public:
    explicit WordBars(QWidget* parent = nullptr);
    void setWords(const QStringList& words, const std::vector<double>& probabilities);
    const QStringList& words() const { return m_words; } ///< the likeliest first
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QStringList m_words;
    std::vector<double> m_probabilities;
};

/// Tries a network that learnt pictures and captions: a picture of yours or of the data, words of yours, and which of them
/// fits. Classes that were never shown can be among them. Files are read, and the network is asked, on threads.
class WordsDialog : public QDialog
{
    Q_OBJECT
public:
    /// dataset: whose pictures and classes it begins with; may be null
    WordsDialog(const std::filesystem::path& storeFolder, std::int64_t run, const QString& name, std::shared_ptr<const Dataset> dataset,
                QWidget* parent = nullptr);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void chooseFile();
    void readPicture(const QString& file);
    void takeFromData();
    void setPicture(Picture picture);
    void ask();
    void show(const WordsAnswer& answer);

    const std::shared_ptr<const Dataset> m_dataset;
    std::int64_t m_nextOfData = 0;
    Picture m_picture;
    QStringList m_asked;
    RunAsker* m_asker = nullptr;
    QLabel *m_view = nullptr, *m_state = nullptr;
    QPlainTextEdit* m_words = nullptr;
    QCheckBox* m_captions = nullptr;
    QPushButton* m_ask = nullptr;
    WordBars* m_bars = nullptr;
    std::jthread m_reader; // last: joined before what it posts to goes
};

}
