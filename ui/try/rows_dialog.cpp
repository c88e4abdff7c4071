// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/rows_dialog.h"

#include "engine/core/job/answer_csv.h"
#include "ui/plot/metric_text.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace descent {

void PredictedRowsModel::setRows(PredictedRows rows, Targets targets)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_targets = std::move(targets);
    endResetModel();
}

int PredictedRowsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.rows.count);
}

int PredictedRowsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_rows.rows.count == 0 ? 0 : ownColumns() + static_cast<int>(m_rows.rows.columns.size());
}

QVariant PredictedRowsModel::data(const QModelIndex& index, int role) const
{
    const auto row = static_cast<std::size_t>(index.row());
    const auto width = static_cast<std::size_t>(m_rows.answer.width);
    const auto begin = m_rows.answer.values.begin() + static_cast<std::ptrdiff_t>(row * width);
    if (role == Qt::TextAlignmentRole) {
        const bool number = index.column() < ownColumns() ? !m_targets.areClasses() || index.column() == 1
                                                          : !m_rows.rows.columns[static_cast<std::size_t>(index.column() - ownColumns())].categorical;
        return QVariant{(number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter};
    }
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() < ownColumns()) {
        if (!m_targets.areClasses())
            return QLocale{}.toString(static_cast<double>(*begin), 'g', 5);
        const auto likeliest = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(width));
        if (index.column() == 1)
            return tr("%1 %").arg(100 * static_cast<double>(*likeliest), 0, 'f', 1);
        return QString::fromStdString(m_targets.classNames[static_cast<std::size_t>(likeliest - begin)]);
    }
    const Column& column = m_rows.rows.columns[static_cast<std::size_t>(index.column() - ownColumns())];
    if (column.categorical)
        return column.codes[row] < 0 ? QString{} : QString::fromStdString(column.categories[static_cast<std::size_t>(column.codes[row])]);
    return std::isfinite(column.numbers[row]) ? QLocale{}.toString(static_cast<double>(column.numbers[row]), 'g', 7) : QString{};
}

QVariant PredictedRowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Vertical)
        return QLocale{}.toString(section + 1);
    if (section == 0)
        return m_targets.name.empty() ? tr("Predicted") : tr("Predicted: %1").arg(QString::fromStdString(m_targets.name));
    if (section < ownColumns())
        return tr("Probability");
    return QString::fromStdString(m_rows.rows.columns[static_cast<std::size_t>(section - ownColumns())].name);
}

RowsDialog::RowsDialog(TriedRun run, QWidget* parent) : TryDialog{std::move(run), "rowsDialog", parent}
{
    auto* file = new QPushButton{tr("Open a table…")};
    file->setObjectName(QStringLiteral("tryTable"));
    askingColumn()->addWidget(file);
    m_save = new QPushButton{tr("Save predictions…")};
    m_save->setObjectName(QStringLiteral("trySave"));
    m_save->setToolTip(tr("As CSV: a line a row"));
    m_save->setEnabled(false);
    askingColumn()->addWidget(m_save);
    askingColumn()->addStretch(1);
    m_model = new PredictedRowsModel{this};
    m_table = new QTableView;
    m_table->setModel(m_model);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    answerColumn()->addWidget(m_table, 1);
    setState(tr("Open a CSV file with the columns the network was trained with; the target may be missing. Its rows are cleaned, filled and "
                "scaled as those of the training were."));
    connect(file, &QPushButton::clicked, this, [this] {
        if (const QString chosen = QFileDialog::getOpenFileName(this, tr("Open a table"), {}, tr("Tables (*.csv *.tsv *.txt);;All files (*)")); !chosen.isEmpty())
            open(chosen);
    });
    connect(m_save, &QPushButton::clicked, this, [this] {
        if (const QString chosen = QFileDialog::getSaveFileName(this, tr("Save predictions"), QStringLiteral("predictions.csv"), tr("CSV files (*.csv)")); !chosen.isEmpty())
            save(chosen);
    });
}

void RowsDialog::open(const QString& file)
{
    setState(tr("Predicting the rows of %1…").arg(QFileInfo{file}.fileName()));
    m_save->setEnabled(false);
    asker().work([this, path = file.toStdString()](FinishedRun& run, const AskControl& control) -> std::function<void()> {
        auto rows = std::make_shared<PredictedRows>(orFail(predictFile(run, path, control)));
        const Targets& learnt = run.request().data->dataset->train.targets;
        Targets targets{.name = learnt.name, .classNames = learnt.classNames, .classes = {}, .values = {}, .boxes = {}, .texts = {}};
        return [this, rows, targets] {
            QString state = tr("%n row(s) predicted.", nullptr, static_cast<int>(rows->rows.count));
            if (!rows->setAside.empty())
                state += QLatin1Char(' ') + tr("%n damaged row(s) were left out, the first: %1", nullptr, static_cast<int>(rows->setAside.size()))
                                                .arg(translated(rows->setAside.front().message));
            setState(state);
            m_model->setRows(std::move(*rows), targets);
            m_table->resizeColumnsToContents();
            m_save->setEnabled(true);
        };
    });
}

void RowsDialog::save(const QString& file)
{
    write(file, [answer = m_model->rows().answer, targets = m_model->targets()] { return csvOf(answer, targets); });
}

}
