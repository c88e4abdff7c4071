// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/columns_dialog.h"

#include "ui/runs/run_columns.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QDialogButtonBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

namespace {

enum ItemRole { fieldRole = Qt::UserRole, widthRole };

QListWidgetItem* itemOf(const std::string& field)
{
    const QString name = QString::fromStdString(field), title = columnTitle(field);
    auto* item = new QListWidgetItem{title == name ? title : QStringLiteral("%1   (%2)").arg(title, name)};
    item->setData(fieldRole, name);
    item->setToolTip(columnHelp(field));
    return item;
}

bool isFound(const QListWidgetItem& item, const QString& text)
{
    for (const QString& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        if (!item.text().contains(word, Qt::CaseInsensitive))
            return false;
    return true;
}

}

ColumnsDialog::ColumnsDialog(const std::vector<RunsView::Column>& columns, const std::vector<std::string>& others, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(tr("Columns"));
    resize(460, 560);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    layout->setSpacing(Theme::space3);
    layout->addWidget(makeLabel(tr("Tick what to show, drag it to its place"), "muted"));
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("columnSearch"));
    m_search->setPlaceholderText(tr("Search: a figure, a setting"));
    m_search->setClearButtonEnabled(true);
    layout->addWidget(m_search);
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("columnList"));
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setUniformItemSizes(true);
    for (const RunsView::Column& column : columns) {
        QListWidgetItem* item = itemOf(column.field);
        item->setCheckState(Qt::Checked);
        item->setData(widthRole, column.width);
        m_list->addItem(item);
    }
    for (const std::string& field : others) {
        if (std::any_of(columns.begin(), columns.end(), [&](const RunsView::Column& column) { return column.field == field; }))
            continue;
        QListWidgetItem* item = itemOf(field);
        item->setCheckState(Qt::Unchecked);
        m_list->addItem(item);
    }
    layout->addWidget(m_list, 1);
    auto* buttons = new QDialogButtonBox{QDialogButtonBox::Ok | QDialogButtonBox::Cancel};
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Show"));
    buttons->button(QDialogButtonBox::Ok)->setProperty("kind", "primary");
    for (QAbstractButton* button : buttons->buttons())
        button->setIcon({});
    layout->addWidget(buttons);
    connect(m_search, &QLineEdit::textChanged, this, &ColumnsDialog::filter);
    connect(buttons, &QDialogButtonBox::accepted, this, &ColumnsDialog::finish);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_search->setFocus();
}

void ColumnsDialog::filter(const QString& text)
{
    for (int row = 0; row < m_list->count(); ++row)
        m_list->item(row)->setHidden(!isFound(*m_list->item(row), text));
    // What is dropped among a part of the list would land nobody knows where.
    m_list->setDragEnabled(text.trimmed().isEmpty());
}

void ColumnsDialog::finish()
{
    std::vector<RunsView::Column> columns;
    for (int row = 0; row < m_list->count(); ++row)
        if (const QListWidgetItem* item = m_list->item(row); item->checkState() == Qt::Checked)
            columns.push_back({item->data(fieldRole).toString().toStdString(), item->data(widthRole).toInt()});
    if (columns.empty()) // a table without columns cannot be got out of
        columns.push_back({"name", 0});
    Q_EMIT chosen(columns);
    accept();
}

FieldDialog::FieldDialog(const QString& title, const std::vector<std::string>& fields, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(title);
    resize(420, 480);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    layout->setSpacing(Theme::space3);
    auto* search = new QLineEdit;
    search->setPlaceholderText(tr("Search: a figure, a setting"));
    search->setClearButtonEnabled(true);
    layout->addWidget(search);
    auto* list = new QListWidget;
    list->setObjectName(QStringLiteral("fieldList"));
    list->setUniformItemSizes(true);
    for (const std::string& field : fields)
        list->addItem(itemOf(field));
    layout->addWidget(list, 1);
    connect(search, &QLineEdit::textChanged, list, [list](const QString& text) {
        QListWidgetItem* first = nullptr;
        for (int row = 0; row < list->count(); ++row) {
            const bool found = isFound(*list->item(row), text);
            list->item(row)->setHidden(!found);
            if (found && !first)
                first = list->item(row);
        }
        list->setCurrentItem(first);
    });
    const auto take = [this, list] {
        if (const QListWidgetItem* item = list->currentItem(); item && !item->isHidden()) {
            Q_EMIT chosen(item->data(fieldRole).toString());
            accept();
        }
    };
    connect(search, &QLineEdit::returnPressed, this, take);
    connect(list, &QListWidget::itemActivated, this, take);
    connect(list, &QListWidget::itemClicked, this, take);
    search->setFocus();
}

}
