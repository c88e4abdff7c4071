// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/quality.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>

#include <memory>

namespace descent {

/// The columns of the data, a row each, with what is decided about them. Editing asks; whoever listens decides.
class ColumnsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Section { name, role, type, values, missing, outliers, scaling, tells, sectionCount };
    static constexpr int profileRole = Qt::UserRole, choicesRole = Qt::UserRole + 1, sortRole = Qt::UserRole + 2;

    explicit ColumnsModel(QObject* parent = nullptr) : QAbstractTableModel{parent} {}
    void setReport(std::shared_ptr<const QualityReport> report, const Cleaning& cleaning, bool editable);
    const ColumnProfile& profile(int row) const { return m_report->columns[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

    /// The setting of columnSchema() that a cell shows: "role"; empty where it shows none, as the type of a gap's filling.
    static std::string settingOf(const ColumnProfile& profile, int section);

Q_SIGNALS:
    /// A person chose `value` (a choice's id) in the cell `index`.
    void chosen(const QModelIndex& index, const QString& value);

private:
    std::shared_ptr<const QualityReport> m_report;
    Cleaning m_cleaning;
    bool m_editable = false;
};

/// Draws histograms, bars and gaps; edits with a list of choices.
class ColumnsDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override;
};

}

Q_DECLARE_METATYPE(const descent::ColumnProfile*)
