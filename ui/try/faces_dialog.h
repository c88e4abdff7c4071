// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/face_desk.h"
#include "ui/try/try_dialog.h"

#include <QWidget>

#include <memory>
#include <optional>

class QDoubleSpinBox;

namespace descent {

class PicturePad;

/// The people nearest to a face, the nearest first, with their cosines and where the threshold lies.
class NearestFaces : public QWidget
{
    Q_OBJECT
public:
    explicit NearestFaces(QWidget* parent = nullptr);
    void setMatches(const FaceGallery& gallery, std::vector<FaceMatch> matches);
    const QStringList& names() const { return m_names; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QStringList m_names;
    std::vector<FaceMatch> m_matches;
    double m_threshold = 0;
};

/// Enrols people with a network that has learnt faces, says who of them a picture shows, and whether two show one person.
class FacesDialog : public TryDialog
{
    Q_OBJECT
public:
    explicit FacesDialog(TriedRun run, QWidget* parent = nullptr);
    void enrol(const QString& folder);

protected:
    void takeFile(const QString& path) override; ///< a folder of people, or a picture

private:
    void look();
    using Desk = std::optional<FaceDesk>;

    const std::shared_ptr<Desk> m_desk = std::make_shared<Desk>(); // used by one work after the other, on their threads

    PicturePad *m_pad = nullptr, *m_other = nullptr;
    QDoubleSpinBox* m_falseAccepts = nullptr;
    QLabel *m_enrolled = nullptr, *m_verdict = nullptr;
    NearestFaces* m_nearest = nullptr;
};

}
