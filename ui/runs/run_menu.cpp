// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_menu.h"

#include "ui/runs/run_edits.h"
#include "ui/theme/theme.h"

#include <QColorDialog>
#include <QInputDialog>
#include <QMenu>
#include <QPainter>

#include <algorithm>
#include <set>

namespace descent {

namespace {

constexpr std::size_t mostTags = 40;

QIcon dot(const QColor& color)
{
    QPixmap pixmap{32, 32};
    pixmap.fill(Qt::transparent);
    QPainter painter{&pixmap};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(6, 6, 20, 20);
    return QIcon{pixmap};
}

void ask(QWidget* parent, const QString& title, const QString& label, const QStringList& known, const std::function<void(const QString&)>& take)
{
    auto* dialog = new QInputDialog{parent};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setLabelText(label);
    dialog->setComboBoxEditable(true);
    dialog->setComboBoxItems(known);
    dialog->setTextValue({});
    QObject::connect(dialog, &QInputDialog::textValueSelected, parent, take);
    dialog->open();
}

QString asText(QString name)
{
    return name.replace(QLatin1Char('&'), QStringLiteral("&&"));
}

}

void addRunEdits(QMenu& menu, RunEdits& edits, const RunSet& all, const std::vector<RunId>& runs, const QStringList& experiments)
{
    QWidget* const parent = menu.parentWidget();
    std::set<std::string> tags;
    bool allStarred = true, allArchived = true;
    for (const RunId run : runs)
        if (const RunSummary* known = all.find(run)) {
            tags.insert(known->tags.begin(), known->tags.end());
            allStarred = allStarred && known->starred;
            allArchived = allArchived && known->archived;
        }
    menu.addAction(allStarred ? RunEdits::tr("Take the star off") : RunEdits::tr("Star"), &edits, [&edits, runs, allStarred] { edits.setStarred(runs, !allStarred); });

    QMenu* tagMenu = menu.addMenu(RunEdits::tr("Tags"));
    tagMenu->addAction(RunEdits::tr("Add a tag…"), parent, [&edits, &all, runs, parent] {
        std::set<std::string> known;
        for (const RunSummary& run : all.each())
            if (known.size() < mostTags)
                known.insert(run.tags.begin(), run.tags.end());
        QStringList names;
        for (const std::string& tag : known)
            names << QString::fromStdString(tag);
        ask(parent, RunEdits::tr("Add a tag"), RunEdits::tr("Tag:"), names, [&edits, runs](const QString& tag) { edits.addTag(runs, tag); });
    });
    if (!tags.empty())
        tagMenu->addSeparator();
    for (const std::string& tag : tags)
        tagMenu->addAction(RunEdits::tr("Take off \"%1\"").arg(asText(QString::fromStdString(tag))), &edits,
                           [&edits, runs, tag] { edits.removeTag(runs, QString::fromStdString(tag)); });

    QMenu* colorMenu = menu.addMenu(RunEdits::tr("Colour"));
    colorMenu->addAction(RunEdits::tr("By its number"), &edits, [&edits, runs] { edits.setColor(runs, {}); });
    colorMenu->addSeparator();
    // Told apart by colour-blind eyes, and the same in light and dark.
    const QList<QColor> palette = Theme::lightColors().series;
    for (const QColor& color : palette)
        colorMenu->addAction(dot(color), color.name(), &edits, [&edits, runs, color] { edits.setColor(runs, color.name()); });
    colorMenu->addSeparator();
    colorMenu->addAction(RunEdits::tr("Another…"), parent, [&edits, runs, parent] {
        auto* dialog = new QColorDialog{parent};
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        QObject::connect(dialog, &QColorDialog::colorSelected, &edits, [&edits, runs](const QColor& color) { edits.setColor(runs, color.name()); });
        dialog->open();
    });

    QMenu* folderMenu = menu.addMenu(RunEdits::tr("Move to experiment"));
    folderMenu->addAction(RunEdits::tr("New experiment…"), parent, [&edits, runs, experiments, parent] {
        ask(parent, RunEdits::tr("Move to experiment"), RunEdits::tr("Name, with / between folders:"), experiments,
            [&edits, runs](const QString& name) { edits.move(runs, name); });
    });
    if (!experiments.isEmpty())
        folderMenu->addSeparator();
    for (const QString& experiment : experiments.mid(0, static_cast<qsizetype>(mostTags)))
        folderMenu->addAction(asText(experiment), &edits, [&edits, runs, experiment] { edits.move(runs, experiment); });

    menu.addAction(allArchived ? RunEdits::tr("Take out of the archive") : RunEdits::tr("Archive"), &edits,
                   [&edits, runs, allArchived] { edits.setArchived(runs, !allArchived); });
}

}
