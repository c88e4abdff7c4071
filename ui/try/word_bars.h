// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

namespace descent {

/// How likely each of some words is, as bars, the likeliest first; at most so many as can be read.
class WordBars : public QWidget
{
    Q_OBJECT
public:
    explicit WordBars(QWidget* parent = nullptr);
    void setWords(const QStringList& words, const std::vector<double>& probabilities);
    const QStringList& words() const { return m_words; } ///< the likeliest first
    QSize sizeHint() const override;
    static constexpr std::size_t mostBars = 100;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QStringList m_words;
    std::vector<double> m_probabilities;
};

}
