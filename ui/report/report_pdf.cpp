// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/report/report_builder.h"

#include "ui/report/chart_in_text.h"

#include <QAbstractTextDocumentLayout>
#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextTable>

#include <algorithm>

namespace descent {

namespace {

constexpr double pageWidth = 595, pageHeight = 842, pageMargin = 44, chartHeight = 300; // A4 in points

QTextCharFormat letters(double size, const QColor& color, bool isBold = false)
{
    QTextCharFormat format;
    format.setFontPointSize(size);
    format.setForeground(color);
    format.setFontWeight(isBold ? QFont::DemiBold : QFont::Normal);
    return format;
}

void insertTable(QTextCursor& cursor, const ReportTable& table, const ColorTokens& colors)
{
    QTextTableFormat format;
    format.setBorder(0);
    format.setCellPadding(2);
    format.setCellSpacing(0);
    format.setHeaderRowCount(1);
    format.setWidth(QTextLength{QTextLength::PercentageLength, 100});
    QTextTable* grid = cursor.insertTable(static_cast<int>(table.rows.size()) + 1, static_cast<int>(table.heading.size()), format);
    const double size = table.heading.size() > 8 ? 5.5 : 7.5;
    for (int column = 0; column < grid->columns(); ++column)
        grid->cellAt(0, column).firstCursorPosition().insertText(QString::fromStdString(table.heading[static_cast<std::size_t>(column)]), letters(size, colors.muted, true));
    for (std::size_t row = 0; row < table.rows.size(); ++row)
        for (std::size_t column = 0; column < table.rows[row].size(); ++column) {
            const bool isBest = table.isBest(row, column);
            grid->cellAt(static_cast<int>(row) + 1, static_cast<int>(column)).firstCursorPosition()
                .insertText(QString::fromStdString(table.rows[row][column]), letters(size, isBest ? colors.success : colors.text, isBest));
        }
    cursor.movePosition(QTextCursor::End);
}

void write(QTextCursor& cursor, const Report& report)
{
    const ColorTokens colors = Theme::lightColors();
    int chart = 0;
    QTextBlockFormat heading, paragraph;
    heading.setTopMargin(14);
    heading.setBottomMargin(4);
    paragraph.setBottomMargin(4);
    cursor.insertText(QString::fromStdString(report.title), letters(18, colors.text, true));
    cursor.insertBlock(paragraph);
    cursor.insertText(QString::fromStdString(report.date), letters(8, colors.muted));
    for (const ReportSection& section : report.sections) {
        if (!section.title.empty()) {
            cursor.insertBlock(heading);
            cursor.insertText(QString::fromStdString(section.title), letters(12, colors.text, true));
        }
        for (const auto& part : section.parts) {
            cursor.insertBlock(paragraph);
            if (const auto* words = std::get_if<ReportText>(&part)) {
                cursor.insertText(QString::fromStdString(words->words), letters(9, words->isWarning ? colors.warning : colors.text));
            } else if (const auto* table = std::get_if<ReportTable>(&part)) {
                insertTable(cursor, *table, colors);
            } else {
                QTextCharFormat format;
                format.setObjectType(ChartInText::type);
                format.setProperty(ChartInText::index, chart++);
                cursor.insertText(QString{QChar::ObjectReplacementCharacter}, format);
            }
        }
    }
}

}

QByteArray reportPdf(const ReportMaterial& material, const ReportChoice& choice)
{
    ChartInText painterOfCharts{material.charts, {pageWidth - 2 * pageMargin, chartHeight}};
    QTextDocument document;
    document.documentLayout()->registerHandler(ChartInText::type, &painterOfCharts);
    document.setUndoRedoEnabled(false);
    QByteArray content;
    QBuffer buffer{&content};
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer{&buffer};
    constexpr int pointsPerInch = 72;
    writer.setResolution(pointsPerInch);
    writer.setPageSize(QPageSize{QSizeF{pageWidth, pageHeight}, QPageSize::Point});
    writer.setPageMargins({});
    writer.setCreator(QStringLiteral("Descent"));
    writer.setTitle(choice.title);
    document.documentLayout()->setPaintDevice(&writer); // points are measured on the page, not on a screen
    document.setPageSize({pageWidth, pageHeight});
    QTextFrameFormat frame = document.rootFrame()->frameFormat();
    frame.setMargin(pageMargin);
    document.rootFrame()->setFrameFormat(frame);
    QTextCursor cursor{&document};
    write(cursor, makeReport(material, choice));

    QPainter painter{&writer};
    for (int page = 0; page < document.pageCount(); ++page) {
        if (page > 0)
            writer.newPage();
        painter.save();
        painter.translate(0, -page * pageHeight);
        document.drawContents(&painter, QRectF{0, page * pageHeight, pageWidth, pageHeight});
        painter.restore();
        painter.setFont(Theme::font(TextStyle::caption));
        painter.setPen(Theme::lightColors().muted);
        painter.drawText(QRectF{pageMargin, pageHeight - 34, pageWidth - 2 * pageMargin, 20}, Qt::AlignRight | Qt::AlignVCenter,
                         QStringLiteral("%1 / %2").arg(page + 1).arg(document.pageCount()));
    }
    painter.end();
    return content;
}

}
