// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>

#include <vector>

class QCustomPlot;
class QLabel;
class QCPGraph;
class QCPItemStraightLine;

namespace descent {

class Readout;

/// One curve as a chart draws it. Values that are not finite are gaps, marked where they begin.
struct Curve {
    QString name;
    QColor color;
    std::vector<double> x, y;      ///< as they are, in order of x
    std::vector<double> smooth;    ///< empty, or one a value: drawn boldly while the raw curve goes faint behind it
    bool dashed = false;
    bool dots = false;             ///< few, important values: one an epoch
    qint64 id = 0;                 ///< given back in curveClicked
};

/// Draws whole curves that lie in memory, as they grow: of a run under way, of a search. Asks nobody for data, knows nothing of runs.
/// Curves out of the history, of any length and number, are a CurveChart's.
/// Drag zooms into a rectangle, the wheel along x, a double click goes back to everything. With the keyboard: left and right
/// move the crosshair (with Shift the picture), plus and minus zoom, 0 shows everything. While everything is shown, new values
/// refit the axes; once a person has zoomed, nothing moves under their eyes.
class CurvePlot : public QWidget
{
    Q_OBJECT
public:
    explicit CurvePlot(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setXLabel(const QString& label);
    void setLegendVisible(bool visible);           ///< names beside the title, where there are few
    void setCurves(std::vector<Curve> curves);     ///< replaces what is shown
    const std::vector<Curve>& curves() const { return m_curves; }
    void setLogX(bool on);
    void setClipOutliers(bool on);                 ///< axis over the central 90 % of the values; says how many lie outside
    bool isFitted() const { return m_fitted; }

public Q_SLOTS:
    void resetZoom();

Q_SIGNALS:
    void hovered(double x);                        ///< NaN when the pointer leaves
    void curveClicked(qint64 id);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void showCrosshair(double x);                  // NaN hides it
    void restyle();
    void showTicks();
    void rebuild();
    void fit();
    void updateReadout(const QPointF* pointer);
    void userZoomed();
    double valueAt(const Curve& curve, double x, double* nearestX) const;

    QCustomPlot* m_plot = nullptr;                 // child of this widget; Qt deletes it
    QCPItemStraightLine* m_crosshair = nullptr;
    Readout* m_readout = nullptr;
    QLabel* m_title = nullptr;
    QLabel *m_legend = nullptr, *m_note = nullptr;
    std::vector<Curve> m_curves;
    bool m_logX = false, m_clip = false, m_fitted = true;
    QPointF m_pointer;                             // where the crosshair was put last; null: nowhere
};

/// Three to five significant digits, thousands grouped, powers for the very small and very large.
QString shortNumber(double value);
/// 65 s as "1:05", 5000 s as "1:23:20".
QString shortDuration(double seconds);

}
