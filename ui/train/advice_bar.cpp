// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/advice_bar.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

namespace {

QString sentence(const Text& text)
{
    QString words = translated(text);
    if (!words.isEmpty())
        words[0] = words[0].toUpper();
    return words;
}

}

AdviceBar::AdviceBar(QWidget* parent) : QFrame{parent}
{
    setObjectName(QStringLiteral("adviceBar"));
    setProperty("notice", "warning");
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space2, Theme::space2, Theme::space2);
    layout->setSpacing(Theme::space2);
    auto* words = new QVBoxLayout;
    words->setSpacing(1);
    m_finding = makeLabel({}, "heading");
    m_evidence = makeLabel({}, "muted");
    for (QLabel* label : {m_finding, m_evidence}) {
        label->setWordWrap(true);
        words->addWidget(label);
    }
    layout->addLayout(words, 1);
    m_actions = new QHBoxLayout;
    layout->addLayout(m_actions);
    auto* close = new QToolButton;
    close->setProperty("kind", "ghost");
    close->setToolTip(tr("Put this away for this run"));
    close->setAccessibleName(close->toolTip());
    setThemedIcon(close, QStringLiteral("close"));
    layout->addWidget(close, 0, Qt::AlignTop);
    connect(close, &QToolButton::clicked, this, [this] {
        if (m_advice.empty())
            return;
        m_putAway.insert(m_advice.front().id);
        m_advice.erase(m_advice.begin());
        show();
    });
    hide();
}

void AdviceBar::begin()
{
    m_putAway.clear();
    setAdvice({});
}

void AdviceBar::setAdvice(const std::vector<Advice>& advice)
{
    m_advice = advice;
    std::erase_if(m_advice, [this](const Advice& one) { return m_putAway.contains(one.id); });
    show();
}

void AdviceBar::show()
{
    setVisible(!m_advice.empty());
    if (m_advice.empty()) {
        m_shown.clear();
        return;
    }
    const Advice& one = m_advice.front();
    m_finding->setText(sentence(one.finding));
    m_evidence->setText(sentence(one.evidence) + (one.hint.empty() ? QString{} : QStringLiteral(". ") + sentence(one.hint) + QLatin1Char('.')));
    std::string buttons = one.id;
    for (const Proposal& proposal : one.proposals)
        buttons += '\n' + english(proposal.words);
    if (buttons == m_shown)
        return; // a button that is being pressed must not go from under the mouse
    m_shown = buttons;
    while (QLayoutItem* item = m_actions->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    constexpr std::size_t most = 2;
    for (std::size_t i = 0; i < std::min(most, one.proposals.size()); ++i) {
        const Proposal& proposal = one.proposals[i];
        auto* button = new QPushButton{sentence(proposal.words)};
        button->setObjectName(QStringLiteral("proposal-") + QString::fromStdString(proposal.path));
        button->setToolTip(tr("Sets %1 to %2 in the recipe").arg(QString::fromStdString(proposal.path), QString::fromStdString(proposal.value)));
        connect(button, &QPushButton::clicked, this, [this, proposal] { Q_EMIT proposalChosen(proposal); });
        m_actions->addWidget(button);
    }
}

}
