// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/quality.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace descent {

/// The rows of a table as they were read, with the part each goes to or why it goes to none. Holds no cells of its own: a million
/// rows cost a list of numbers.
class RowsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum class Filter { all, train, validation, test, setAside, repeats, farOut };
    enum Section { number, part, target, firstColumn };

    explicit RowsModel(QObject* parent = nullptr) : QAbstractTableModel{parent} {}
    void setRows(std::shared_ptr<const Dataset> dataset, std::shared_ptr<const QualityReport> report);
    void setFilter(Filter filter);
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void choose();
    const Table* table() const { return std::get_if<Table>(&m_dataset->train.inputs); }
    QString whole(std::size_t row) const; ///< of a text, or of a person's records: what stands in the one column
    bool isFarOut(const ColumnProfile& profile, const Column& column, std::size_t row) const;

    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const QualityReport> m_report;
    Filter m_filter = Filter::all;
    std::vector<std::int32_t> m_rows;   // shown, where not all are
};

}
