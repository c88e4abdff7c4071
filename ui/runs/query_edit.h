// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/run_query.h"

#include <QLineEdit>

#include <vector>

class QCompleter;
class QStringListModel;
class QTimer;

namespace descent {

/// A line in which a person writes which runs to show, with what may follow offered below: Tab or Enter takes an offer.
class QueryEdit : public QLineEdit
{
    Q_OBJECT
public:
    explicit QueryEdit(QWidget* parent = nullptr);
    void setFields(std::vector<QueryField> fields);     ///< what is offered
    const RunQuery& query() const { return m_query; }   ///< the last that was sound

Q_SIGNALS:
    void fieldsWanted();                                ///< a person is about to write
    void queryChanged();
    void problemFound(const QString& sentence);         ///< some time after the last key; empty: there is none any more

protected:
    bool event(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    void parse();
    void offer();
    void take(const QString& offered);

    RunQuery m_query;
    std::vector<QueryField> m_fields;
    std::vector<QueryCompletion> m_offers;
    QCompleter* m_completer = nullptr;
    QStringListModel* m_texts = nullptr;
    QTimer* m_patience = nullptr; // a query that is being written is not wrong yet
    QString m_problem;
};

}
