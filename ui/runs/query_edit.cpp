// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/query_edit.h"

#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QScrollBar>
#include <QStringListModel>
#include <QTimer>

#include <algorithm>

namespace descent {

namespace {

constexpr int patienceMs = 700;

bool joins(const QueryCompletion& completion)
{
    return completion.text == "and" || completion.text == "or";
}

}

QueryEdit::QueryEdit(QWidget* parent) : QLineEdit{parent}
{
    m_texts = new QStringListModel{this};
    m_completer = new QCompleter{m_texts, this};
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setWidget(this); // not setCompleter(): that would replace the whole line
    m_completer->setMaxVisibleItems(12);
    m_completer->popup()->setProperty("popup", true);
    m_patience = new QTimer{this};
    m_patience->setSingleShot(true);
    m_patience->setInterval(patienceMs);
    connect(m_patience, &QTimer::timeout, this, [this] {
        setWrong(this, !m_problem.isEmpty());
        setToolTip(m_problem);
        Q_EMIT problemFound(m_problem);
    });
    connect(this, &QLineEdit::textChanged, this, &QueryEdit::parse);
    connect(this, &QLineEdit::textEdited, this, &QueryEdit::offer);
    connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this, &QueryEdit::take);
}

void QueryEdit::focusInEvent(QFocusEvent* event)
{
    QLineEdit::focusInEvent(event);
    Q_EMIT fieldsWanted();
}

void QueryEdit::setFields(std::vector<QueryField> fields)
{
    m_fields = std::move(fields);
}

void QueryEdit::parse()
{
    Result<RunQuery> query = RunQuery::parse(text().toStdString());
    m_problem = query ? QString{} : translated(query.problems.front().message);
    if (!query && !query.problems.front().hint.empty())
        m_problem += QStringLiteral(" (%1)").arg(translated(query.problems.front().hint));
    if (!query) {
        m_patience->start();
        return;
    }
    m_patience->stop();
    if (property("wrong").toBool()) {
        setWrong(this, false);
        setToolTip({});
        Q_EMIT problemFound({});
    }
    m_query = std::move(*query);
    Q_EMIT queryChanged();
}

void QueryEdit::offer()
{
    const std::string written = text().toStdString();
    const auto cursor = static_cast<std::size_t>(text().left(cursorPosition()).toUtf8().size());
    m_offers = completionsAt(written, cursor, m_fields);
    const bool nothingTyped = !m_offers.empty() && m_offers.front().from == m_offers.front().to;
    const bool isWhole = m_offers.size() == 1 && written.substr(m_offers.front().from, m_offers.front().to - m_offers.front().from) == m_offers.front().text;
    if (m_offers.empty() || isWhole || written.empty() || (nothingTyped && joins(m_offers.front()))) {
        m_completer->popup()->hide();
        return;
    }
    QStringList texts;
    for (const QueryCompletion& one : m_offers)
        texts << QString::fromStdString(one.text);
    m_texts->setStringList(texts);
    QAbstractItemView* popup = m_completer->popup();
    const int wide = std::max(160, popup->sizeHintForColumn(0) + popup->verticalScrollBar()->sizeHint().width() + 24);
    m_completer->complete({cursorRect().x(), 0, wide, height() + 3}); // below the line
    popup->setCurrentIndex({}); // Enter means the line, unless one is chosen
}

void QueryEdit::take(const QString& offered)
{
    const auto found = std::find_if(m_offers.begin(), m_offers.end(), [&](const QueryCompletion& one) { return QString::fromStdString(one.text) == offered; });
    if (found == m_offers.end())
        return;
    const QByteArray written = text().toUtf8();
    const QString before = QString::fromUtf8(written.left(static_cast<qsizetype>(found->from))), behind = QString::fromUtf8(written.mid(static_cast<qsizetype>(found->to)));
    const QString taken = before + offered + (behind.startsWith(QLatin1Char(' ')) ? QString{} : QStringLiteral(" "));
    setText(taken + behind);
    setCursorPosition(static_cast<int>(taken.size()));
    offer();
}

bool QueryEdit::event(QEvent* event)
{
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Tab && m_completer->popup()->isVisible()) {
        const QModelIndex chosen = m_completer->popup()->currentIndex();
        const QString text = m_texts->stringList().value(chosen.isValid() ? chosen.row() : 0);
        m_completer->popup()->hide();
        take(text);
        return true;
    }
    return QLineEdit::event(event);
}

}
