type Bell = Arc<dyn Fn() + Send + Sync>;

struct TaskWaker {
    id: usize,
    woken: AtomicBool,
    queue: mpsc::Sender<usize>,
    bell: Bell, // called after a wake; silent until the end of the chapter
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if wake_once(&self.woken, &self.queue, self.id) {
            (self.bell)();
        }
    }
}

impl TaskWaker {
    fn begin_poll(&self) {
        self.woken.swap(false, Ordering::AcqRel); // reads as well, so it sees what the wakers did
    }
}
